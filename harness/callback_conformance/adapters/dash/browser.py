"""A Dash page in Chromium: the JavaScript that the server serves, polling by its own timer."""

from __future__ import annotations

import base64
import contextlib
import json
import time
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from callback_conformance.adapters import chromium
from callback_conformance.adapters.dash.renderer.ids import (
    protocol_id,
    protocol_property,
    scenario_property,
    split,
)
from callback_conformance.adapters.dash.wire import VISITOR, brief
from callback_conformance.control import violation
from callback_conformance.control.controller import JobController
from callback_conformance.control.timeline import Timeline
from callback_conformance.control.violation import Violation
from callback_conformance.page.tab import (
    REQUEST_SECONDS,
    DidNotLoad,
    MissingComponent,
    Notification,
    Tab,
    TabError,
)

if TYPE_CHECKING:
    from playwright.sync_api import Page as Window

LOOK_MS = 50  # how long one look waits for the next poll: short, so that an event is seen soon
REST_SECONDS = 30.0  # for loading and for each reaction: both take less than 3 s when all is busy
LIMITS = {"requestMs": REQUEST_SECONDS * 1000, "restMs": REST_SECONDS * 1000}
JAVASCRIPT, FOR_OLDER = (
    (Path(__file__).parent / name).read_text(encoding="utf-8")
    for name in ("browser.js", "browser_older.js")
)
SCRIPT = f"({JAVASCRIPT})({json.dumps(LIMITS)}, {FOR_OLDER})"

When = Callable[[], contextlib.AbstractContextManager[None]]


class DashBrowserTab:
    """One tab, with the meaning of ``DashWireTab``.

    A call of Playwright lets Chromium's messages in; while a test waits elsewhere, for a job or in
    ``JobController.still``, none gets through. That cannot end in a deadlock: Chromium sends and receives
    requests by itself, and only polls need this thread. They wait in the page until ``advance`` or
    ``poll`` lets them pass, one after another, and no job waits for a poll.
    """

    def __init__(
        self,
        url: str,
        timeline: Timeline,
        controller: JobController,
        name: str,
        earlier: Tab | None = None,
    ) -> None:
        self._timeline = timeline
        self._controller = controller
        self._name = name
        self._errors: list[TabError] = []
        self._faults: list[str] = []
        self._open = True
        self._delays = False
        before = earlier if isinstance(earlier, DashBrowserTab) else None
        if before and not before._open:  # its user loads the page again, in the same window
            self.window: Window = before.window
        else:
            beside = before.window if before else None
            self.window = chromium.open_window(controller, SCRIPT, beside)
        url = self._logged_in(url)
        if before is None:
            self.window.context.add_cookies([{"name": VISITOR, "value": name, "url": url}])
        self._timeline.add(self._name, "opens", url=url)
        self.window.on("pageerror", self._broke)
        answer = self.window.goto(url)
        if answer is None or not answer.ok:
            refusal = answer and f"{answer.status} {answer.text()}"
            raise DidNotLoad(f"{url} gave {name} no page: {refusal}")
        if refused := self._call("opened"):
            raise DidNotLoad(f"{url} gave {name} no page: {refused}")

    def _logged_in(self, url: str) -> str:
        """The address without the login in it, which goes with each request, as after the login dialog."""
        address = urlsplit(url)
        if not address.username:
            return url
        login = f"{address.username}:{address.password}"
        word = base64.b64encode(login.encode()).decode()
        self.window.set_extra_http_headers({"Authorization": f"Basic {word}"})
        return url.replace(f"{login}@", "")

    @property
    def errors(self) -> Sequence[TabError]:
        if self._open:
            self._call("look")
        return self._errors

    @property
    def notifications(self) -> Sequence[Notification]:
        return ()

    def click(self, component: str) -> None:
        id = protocol_id(component)
        disabled = self._call("disabled", id)
        if disabled is None:
            raise MissingComponent(f"{self._name} has no component {component!r}")
        if disabled:
            self._acts(component, "clicks, and it is disabled")
        else:
            self._acts(f"{component}.n_clicks", (self.get(f"{component}.n_clicks") or 0) + 1)
        # Forced: Playwright would wait until a disabled button is enabled, and a user does not.
        self.window.locator(_by_id(id)).click(force=bool(disabled))
        self._call("rest")

    def set(self, prop: str, value: object) -> None:
        self._acts(prop, value)
        id, name = split(protocol_property(prop))
        field = self.window.locator(f"input{_by_id(id)}, textarea{_by_id(id)}")
        is_typed = name == "value" and field.count()
        # Typing the value that a field already holds changes nothing in the field, but must call the callbacks.
        if is_typed and isinstance(value, str) and value != field.input_value():
            field.fill(value)
            self._call("rest")
        else:
            self._call("put", id, {name: value})

    def get(self, prop: str) -> Any:
        return self._call("get", *split(protocol_property(prop)))

    def advance(self) -> bool:
        waits, _ = self._round(self._controller.still)
        return waits

    def poll(self) -> None:
        """Wait until the page has polled once more for each job that it waits for."""
        self._poll(self._controller.still)

    def poll_at_once(self) -> None:
        self._poll(contextlib.nullcontext)

    def fence(self) -> None:
        self._call("fence")
        self.poll()

    def close(self) -> None:
        if self._open:
            self._open = False
            self.window.remove_listener("pageerror", self._broke)
            chromium.leave(self.window)

    def hold_answers(self) -> None:
        self._call("hold")

    def deliver_answers(self) -> None:
        self._delays = False
        self._call("deliver")

    def delay_answers(self) -> None:
        self._delays = True
        self._call("delay")

    def be_patient(self, seconds: float) -> None:
        """Nothing: Chromium waits for minutes."""

    def poll_by_itself(self, seconds: float) -> None:
        self._call("free", seconds * 1000)

    def lose_next_poll(self) -> None:
        self._faults.append("lost")

    def refuse_next_poll(self) -> None:
        self._faults.append("refused")

    def server_goes_away(self) -> None:
        self._call("away", True)

    def server_comes_back(self, url: str) -> None:
        """The page keeps its address; its requests are routed to the new one."""
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(self.window.url))
        self.window.route(
            "**/*", lambda route: route.continue_(url=route.request.url.replace(origin, url, 1))
        )
        self._call("away", False)

    def _poll(self, when: When) -> None:
        wanted = frozenset(self._call("polled"))
        if not wanted and self._delays:
            self._round(when)
        give_up = time.monotonic() + violation.WAIT_SECONDS
        while wanted:
            if time.monotonic() > give_up:
                seconds = f"{violation.WAIT_SECONDS:.0f} s"
                raise Violation(f"{self._name} did not poll within {seconds}")
            _, answered = self._round(when)
            wanted = (wanted - answered).intersection(self._call("polled"))

    def _round(self, when: When) -> tuple[bool, AbstractSet[str]]:
        """Let the polls pass that the page wants to send, and then arrive what was delayed; return whether the
        page waits for anything, and the jobs whose polls were answered by the server."""
        polls = self._call("polls", LOOK_MS)
        answered = []
        for job in polls["jobs"]:
            fault = self._faults.pop(0) if self._faults else ""
            with when():
                self._call("pass", job, fault)
            if not fault:
                answered.append(job)
        if polls["delayed"]:
            self._call("arrive", polls["delayed"])
        return bool(polls["waits"]), frozenset(answered)

    def _call(self, act: str, *arguments: Any) -> Any:
        """Call an act of the script in the page, and note what the script has seen since the last call."""
        reply = self.window.evaluate("call => conformance(...call)", [act, *arguments])
        answer = json.loads(reply)
        for event in answer["seen"]:
            self._note(**json.loads(event))
        return answer.get("value")

    def _note(self, what: str, at: float, facts: dict[str, Any]) -> None:
        if what == "fails":
            self._errors.append(TabError(**facts))
            return
        if what == "hears":
            facts["body"] = brief(_body(facts.pop("type"), facts["body"]))
        if what == "shows":
            facts.setdefault("value", None)  # undefined, which JSON does not have
            facts["prop"] = scenario_property(facts["prop"])
        age = time.time() - at / 1000
        self._timeline.add(self._name, what, time.monotonic() - age, **facts)

    def _acts(self, prop: str, value: object) -> None:
        self._timeline.add(self._name, "acts", prop=prop, value=value)

    def _broke(self, error: Exception) -> None:
        self._errors.append(TabError(0, str(error)))


def _body(kind: str | None, text: str) -> Any:
    return json.loads(text) if (kind or "").startswith("application/json") else text


def _by_id(component: str) -> str:
    return f"[id={json.dumps(component)}]"
