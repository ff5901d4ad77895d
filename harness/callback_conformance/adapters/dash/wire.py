"""A Dash page on the wire: the renderer's protocol over HTTP, polled by hand or as fast as facts allow."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import requests

from callback_conformance.adapters.dash.extensions import Extensions, tell_instance
from callback_conformance.adapters.dash.overheard import OverheardSession, handles_of, take_runs
from callback_conformance.adapters.dash.renderer.callbacks import CallbackDefinition
from callback_conformance.adapters.dash.renderer.checks import duplicate_outputs, missing_ids
from callback_conformance.adapters.dash.renderer.ids import (
    protocol_id,
    protocol_property,
    scenario_property,
)
from callback_conformance.adapters.dash.renderer.layout import Layout
from callback_conformance.adapters.dash.renderer.renderer import Answer, Renderer
from callback_conformance.adapters.dash.renderer.versions import RendererQuirks
from callback_conformance.control.controller import JobController
from callback_conformance.control.timeline import Timeline
from callback_conformance.page.stranger import (
    Exchange,
    OverheardTab,
    RawAnswer,
    RawRequest,
    Rename,
    Rewrite,
)
from callback_conformance.page.tab import (
    REQUEST_SECONDS,
    DidNotLoad,
    MissingComponent,
    Notification,
    Tab,
    TabError,
    reading,
)

# Between two rounds of polls that changed nothing: longer each time, up to the interval that scenarios declare.
PAUSE_SECONDS, LONGER, LONGEST_SECONDS = 0.01, 1.2, 0.1
VISITOR = "visitor"  # the cookie that names a browser by its first page
LOST = Answer(0)
UNANSWERED = (LOST.status, 502, 503, 504)  # as the server itself gave no answer


class DashWireTab:
    """One tab: the stock renderer, and what scripts beside it do, where the page announces that."""

    def __init__(
        self,
        url: str,
        timeline: Timeline,
        controller: JobController,
        name: str,
        earlier: Tab | None = None,
    ) -> None:
        self._url = url  # a login in it goes with each request
        self._timeline = timeline
        self._controller = controller
        self._name = name
        self._last_order = 0
        self._pause = PAUSE_SECONDS
        self._answer_seconds = REQUEST_SECONDS
        self._faults: list[str] = []
        self._away = False
        self._session = OverheardSession()
        self._session.trust_env = False  # no proxy between a page and its app
        if isinstance(earlier, DashWireTab):  # the same browser
            self._session.cookies = earlier._session.cookies
        else:
            self._session.cookies.set(VISITOR, name)
        index = self._fetch("/").text
        with reading("the page"):
            config = _embedded(index, "_dash-config") or {}
            self._end_id = config.get("end_id")
            self._extensions = Extensions.of(config)
        with reading("/_dash-layout"):
            layout = Layout(self._fetch("/_dash-layout").json())
        with reading("/_dash-dependencies"):
            entries = self._fetch("/_dash-dependencies").json()
            definitions = [CallbackDefinition.of(entry) for entry in entries]
        self._saw("opens", url=url)
        twice = duplicate_outputs(definitions, config)
        accepted = [] if twice else definitions
        before = tell_instance if self._extensions.tells_instance else None
        unmatched = self._extensions.leaves_out_unmatched
        quirks = replace(RendererQuirks.of(index), leaves_out_unmatched=unmatched)
        self.renderer = Renderer(accepted, layout, self._send, self._saw, config, before, quirks)
        self.renderer.errors += [*twice, *missing_ids(accepted, layout, config)]
        self.renderer.start()

    @property
    def errors(self) -> Sequence[TabError]:
        return self.renderer.errors

    @property
    def notifications(self) -> Sequence[Notification]:
        return ()

    def click(self, component: str) -> None:
        self._find(component)
        if self.get(f"{component}.disabled"):
            self._saw("acts", prop=component, value="clicks, and it is disabled")
            return
        clicks = self.get(f"{component}.n_clicks") or 0
        self.set(f"{component}.n_clicks", clicks + 1)

    def set(self, prop: str, value: object) -> None:
        self._find(prop.partition(".")[0])
        self._pause = PAUSE_SECONDS
        self.renderer.act(protocol_property(prop), value)

    def _find(self, component: str) -> None:
        layout = self.renderer.layout
        if protocol_id(component) not in layout:
            ids = ", ".join(layout.ids())
            raise MissingComponent(f"{self._name} has no component {component!r}; it has {ids}")

    def get(self, prop: str) -> Any:
        return self.renderer.get(protocol_property(prop))

    def advance(self) -> bool:
        if not self.renderer.waits:
            return False
        before = self.renderer.changes
        self.poll()
        if before != self.renderer.changes:
            self._pause = PAUSE_SECONDS
        elif self.renderer.waits:
            threading.Event().wait(self._pause)
            self._pause = min(LONGER * self._pause, LONGEST_SECONDS)
        return True

    def poll(self) -> None:
        with self._controller.still():
            self.renderer.poll()

    def poll_at_once(self) -> None:
        self.renderer.poll()

    def fence(self) -> None:
        self.poll()

    def close(self) -> None:
        self._session.close()

    def hold_answers(self) -> None:
        self.renderer.hold_answers()

    def deliver_answers(self) -> None:
        self.renderer.deliver_answers()

    def delay_answers(self) -> None:
        self.renderer.delay_answers()

    def be_patient(self, seconds: float) -> None:
        self._answer_seconds = seconds

    def poll_by_itself(self, seconds: float) -> None:
        give_up = time.monotonic() + seconds
        while (left := give_up - time.monotonic()) > 0:
            threading.Event().wait(min(left, self.renderer.pause_seconds))
            if time.monotonic() < give_up:
                self.poll()

    def lose_next_poll(self) -> None:
        """The connection of the next poll is cut before its answer arrives."""
        self._faults.append("lost")

    def refuse_next_poll(self) -> None:
        """The next poll is answered with 502 by something between the page and the server."""
        self._faults.append("refused")

    def server_goes_away(self) -> None:
        """From now on nobody listens: each connection fails."""
        self._away = True

    def server_comes_back(self, url: str) -> None:
        """The server listens again, at ``url``."""
        self._away, self._url = False, url

    @property
    def exchanges(self) -> Sequence[Exchange]:
        return self._session.exchanges

    @property
    def handles(self) -> Sequence[str]:
        return handles_of(self.renderer)

    def take_runs_of(self, overheard: OverheardTab, rename: Rename) -> None:
        if not isinstance(overheard, DashWireTab):
            raise TypeError(f"a page on the wire has not overheard a {type(overheard).__name__}")
        take_runs(self.renderer, overheard.renderer, rename)

    def rewrite(self, change: Rewrite) -> None:
        self._session.rewrite = change

    def send(self, request: RawRequest) -> RawAnswer:
        self._saw("asks", output=request.path, query=request.query)
        try:
            self._session.request(
                request.method,
                f"{self._url}{request.path}",
                params=request.query,
                data=request.body,
                headers=request.headers,
                timeout=REQUEST_SECONDS,
            )
        except requests.RequestException as error:
            self._saw("loses", request=request.path, why=type(error).__name__)
            return RawAnswer(LOST.status, {}, "")
        answer = self.exchanges[-1].answer
        self._saw("hears", output=request.path, status=answer.status, body=brief(answer.text))
        return answer

    def _send(self, query: list[tuple[str, str]], body: dict[str, Any], poll: bool) -> Answer:
        repeats = body["output"] in self._extensions.repeats
        if repeats:
            self._last_order += 1
            query = [*query, ("order", str(self._last_order))]
        fault = self._faults.pop(0) if poll and self._faults else ""
        if fault == "refused":
            self._saw("loses", request=body["output"], why="502 Bad Gateway")
            return self._post(query, body, again=True) if repeats else Answer(502, "Bad Gateway")
        answer = self._post(query, body)
        if fault == "lost":
            self._saw("loses", request=body["output"], why="connection cut")
            return self._post(query, body, again=True) if repeats else LOST
        return (
            self._repeated_later(query, body) if repeats and answer.status in UNANSWERED else answer
        )

    def _repeated_later(self, query: list[tuple[str, str]], body: dict[str, Any]) -> Answer:
        """No answer yet: the request will be repeated until there is one."""

        def again() -> Answer:
            answer = self._post(query, body, again=True)
            return self._repeated_later(query, body) if answer.status in UNANSWERED else answer

        return Answer(0, again=again)

    def _post(
        self, query: list[tuple[str, str]], body: dict[str, Any], again: bool = False
    ) -> Answer:
        pairs = [*([("endId", self._end_id)] if self._end_id else []), *query]
        pairs += [("again", "1")] if again else []
        self._saw("asks", output=body["output"], query=[name for name, _ in query])
        if self._away:
            self._saw("loses", request=body["output"], why="connection refused")
            return LOST
        try:
            response = self._session.post(
                f"{self._url}/_dash-update-component",
                json=body,
                **self._extensions.carried(pairs),
                timeout=self._answer_seconds,
            )
        except requests.RequestException as error:
            self._saw("loses", request=body["output"], why=type(error).__name__)
            return LOST
        answer = Answer(response.status_code, _body(response))
        self._saw("hears", output=body["output"], status=answer.status, body=brief(answer.body))
        return answer

    def _fetch(self, path: str) -> requests.Response:
        response = self._session.get(self._url + path, timeout=REQUEST_SECONDS)
        if not response.ok:
            raise DidNotLoad(f"{path} gave {self._name} {response.status_code}: {response.text}")
        return response

    def _saw(self, what: str, **facts: Any) -> None:
        if "prop" in facts:
            facts["prop"] = scenario_property(facts["prop"])
        self._timeline.add(self._name, what, **facts)


def _embedded(page: str, id: str) -> Any:
    """The JSON that a page's HTML holds in the script element with this id, if there is one."""
    match = re.search(rf'id="{id}"[^>]*>(.*?)</script>', page, re.DOTALL)
    return json.loads(match.group(1)) if match else None


def _body(response: requests.Response) -> Any:
    kind = response.headers.get("content-type", "")
    read = response.status_code == requests.codes.ok and kind.startswith("application/json")
    return response.json() if read else response.text


def brief(body: object) -> Any:
    """An answer's body as the timeline has it: handles are opaque, and pages of HTML are long."""
    if isinstance(body, dict):
        hidden = ("cacheKey", "job")
        return {name: "…" if name in hidden else value for name, value in body.items()}
    return str(body)[:200]
