"""The fence of each kind of page brings in what its server had sent, at a moment when no job moves."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import requests

from callback_conformance.adapters import chromium
from callback_conformance.adapters.dash import browser, wire
from callback_conformance.adapters.taipy.push_tab import PushTab
from callback_conformance.adapters.taipy.screen import Screen, text_element
from callback_conformance.control.timeline import Timeline
from callback_conformance.control.violation import Violation
from tests.wire import DONE, RUNNING, STARTED, components, job_for

ANSWER_SECONDS = 0.02  # that a server takes


class Stillness:
    """A controller that knows whether jobs are kept still."""

    def __init__(self) -> None:
        self.is_still = False

    @contextlib.contextmanager
    def still(self) -> Iterator[None]:
        self.is_still = True
        yield
        self.is_still = False


def seen(timeline: Timeline) -> list[Any]:
    """The values that were shown."""
    return [event.facts["value"] for event in timeline if event.what == "shows"]


# A page to which its server pushes.


class PushingServer:
    """A connection whose server sends a value before it answers a round trip; or hangs up."""

    client = "user"

    def __init__(self, controller: Stillness, screen: Screen, hangs_up: bool) -> None:
        self._controller = controller
        self._screen = screen
        self._hangs_up = hangs_up

    def open(self) -> None:
        self._screen.set_elements([text_element("out", "result")])

    def round_trip(self, key: str) -> None:
        assert self._controller.is_still
        threading.Thread(target=self._answer, args=(key,)).start()

    def close(self) -> None:
        """It keeps nothing open."""

    def _answer(self, key: str) -> None:
        time.sleep(ANSWER_SECONDS)
        if self._hangs_up:
            self._screen.mark_lost("the server hung up")
        else:
            self._screen.set_variable("result", "done")
            self._screen.mark_answered(key)


def push_tab(hangs_up: bool = False) -> tuple[PushTab, Timeline]:
    timeline, controller = Timeline(), Stillness()

    def connect(url: str, screen: Screen, client: str) -> Any:
        return PushingServer(controller, screen, hangs_up)

    return PushTab(connect, "http://app", timeline, controller, "page-1", None), timeline  # type: ignore[arg-type]


def test_a_fence_waits_for_what_the_server_pushes_before_its_answer() -> None:
    tab, timeline = push_tab()
    tab.fence()
    assert (tab.get("out.children"), seen(timeline)) == ("done", ["done"])


def test_a_fence_that_the_server_does_not_answer_is_a_violation() -> None:
    tab, _ = push_tab(hangs_up=True)
    with pytest.raises(Violation, match=r"^the server gave page-1 no answer$"):
        tab.fence()


# A Dash page on the wire.


class DashServer:
    """The session of a wire page, with the answers of its server."""

    def __init__(self, controller: Stillness, *answers: Any) -> None:
        self.cookies = requests.cookies.RequestsCookieJar()
        self.stillness: list[bool] = []
        self._controller = controller
        self._answers = list(answers)
        children = components({"run.n_clicks": 0, "out.children": "before"})
        self._pages = {
            "/": "",
            "/_dash-layout": {"type": "Div", "props": {"children": children}},
            "/_dash-dependencies": [job_for()],
        }

    def get(self, url: str, timeout: float) -> Any:
        return response(self._pages[url.removeprefix("http://app")])

    def post(self, url: str, **request: Any) -> Any:
        self.stillness.append(self._controller.is_still)
        return response(self._answers.pop(0))

    def close(self) -> None:
        """It keeps nothing open."""


def response(body: Any) -> Any:
    text = json.dumps(body)
    return SimpleNamespace(
        ok=True,
        status_code=200,
        headers={"content-type": "application/json"},
        text=text,
        content=text.encode(),
        json=lambda: json.loads(text),
        request=SimpleNamespace(url="http://app", method="POST", body=b"", headers={}),
    )


def test_a_fence_polls_once_for_each_job_while_none_moves(monkeypatch: pytest.MonkeyPatch) -> None:
    timeline, controller = Timeline(), Stillness()
    server = DashServer(controller, STARTED, RUNNING, DONE)
    monkeypatch.setattr(wire, "OverheardSession", lambda: server)
    tab = wire.DashWireTab("http://app", timeline, controller, "page-1")  # type: ignore[arg-type]
    tab.click("run")
    tab.fence()
    assert tab.get("out.children") == "before"
    tab.fence()
    assert (tab.get("out.children"), seen(timeline)) == ("done", [1, "done"])
    assert server.stillness == [False, True, True]
    tab.fence()  # it waits for nothing more


# A Dash page in a browser.


class Window:
    """A window of Chromium whose script waits to poll for these jobs, or only says so; at a fence it saw a value."""

    def __init__(self, controller: Stillness, *jobs: str, only_says_so: bool = False) -> None:
        self._controller = controller
        self._jobs = list(jobs)
        self._only_says_so = only_says_so
        self.context = SimpleNamespace(add_cookies=lambda cookies: None)

    def on(self, event: str, handler: Any) -> None:
        """It never breaks."""

    def goto(self, url: str) -> Any:
        return SimpleNamespace(ok=True)

    def evaluate(self, script: str, call: list[Any]) -> str:
        act, *arguments = call
        shown = {"what": "shows", "at": 0, "facts": {"prop": "out.children", "value": "done"}}
        saw = [json.dumps(shown)] if act == "fence" else []
        return json.dumps({"value": self._does(act, arguments), "seen": saw})

    def _does(self, act: str, arguments: list[Any]) -> Any:
        if act == "pass":
            assert self._controller.is_still
            self._jobs.remove(arguments[0])
        if act == "polls":
            return {
                "jobs": [] if self._only_says_so else self._jobs,
                "waits": bool(self._jobs),
                "delayed": [],
            }
        return self._jobs if act == "polled" else None


def browser_tab(
    monkeypatch: pytest.MonkeyPatch, *jobs: str, only_says_so: bool = False
) -> tuple[browser.DashBrowserTab, Timeline]:
    timeline, controller = Timeline(), Stillness()
    window = Window(controller, *jobs, only_says_so=only_says_so)
    monkeypatch.setattr(chromium, "open_window", lambda *_: window)
    tab = browser.DashBrowserTab("http://app", timeline, controller, "page-1")  # type: ignore[arg-type]
    return tab, timeline


def test_a_fence_in_a_browser_notes_what_was_seen_and_lets_each_poll_pass(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tab, timeline = browser_tab(monkeypatch, "job-1", "job-2")
    tab.fence()
    assert seen(timeline) == ["done"]
    assert not tab.advance()


@pytest.mark.usefixtures("patience")
def test_a_page_in_a_browser_that_does_not_poll_is_a_violation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tab, _ = browser_tab(monkeypatch, "job-1", only_says_so=True)
    with pytest.raises(Violation, match=r"^page-1 did not poll within 0 s$"):
        tab.fence()
