"""A page that its server renders wrongly is the server's fault; a name that no program has is the test's."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any

import pytest

from callback_conformance.adapters.dash.wire import DashWireTab
from callback_conformance.adapters.taipy.push_tab import PushTab
from callback_conformance.adapters.taipy.style_wire import TaipyStyleConnection
from callback_conformance.control.controller import JobController
from callback_conformance.control.timeline import Timeline
from callback_conformance.control.violation import Violation
from callback_conformance.page import DidNotLoad, Page
from callback_conformance.page.tab import MissingComponent
from tests.wire import components, declared

STATE = {"values": {"result": "before"}, "notifications": [], "number": 1}
TAIPY = {
    "/": '<body><button id="run" data-action="start"></button>'
    '<span id="out" data-text="result"></span></body>',
    "/state": json.dumps(STATE),
    "/events": ": open\n\n",
    "/action": '{"number": 1}',
}
LAYOUT = {"type": "Div", "props": {"children": components({"run.n_clicks": 0})}}
DASH = {
    "/": '<script id="_dash-config">{}</script>',
    "/_dash-layout": json.dumps(LAYOUT),
    "/_dash-dependencies": json.dumps([declared("out.children", "run.n_clicks")]),
}


@pytest.fixture
def answers() -> dict[str, str]:
    """What the server answers, by path."""
    return {}


@pytest.fixture
def url(answers: dict[str, str]) -> Iterator[str]:
    """A server of a page; a stream of events goes on."""
    closing = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            text = answers[self.path.partition("?")[0]]
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(text.encode())
            if self.path.startswith("/events"):
                closing.wait()

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.do_GET()

        def log_message(self, *arguments: Any) -> None:
            """It prints nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        closing.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def controller() -> Iterator[JobController]:
    controller = JobController(Timeline())
    yield controller
    controller.close()


def taipy_tab(url: str, controller: JobController) -> PushTab:
    return PushTab(TaipyStyleConnection, url, Timeline(), controller, "page-1", None)


def without(name: str) -> str:
    return json.dumps({key: value for key, value in STATE.items() if key != name})


@pytest.mark.parametrize(
    ("path", "text", "message"),
    [
        (
            "/",
            TAIPY["/"].replace("data-action", "action"),
            "the page is not what .* reads: it lacks 'data-action'",
        ),
        ("/state", "no JSON", "the answer to /state is not .*: Expecting value: line 1"),
        ("/state", "[]", "the answer to /state .*: list indices must be integers"),
        ("/state", without("values"), "the answer to /state .*: it lacks 'values'"),
        ("/state", without("number"), "the answer to /state .*: it lacks 'number'"),
    ],
)
def test_a_page_of_the_taipy_style_that_no_script_can_read_is_a_violation(
    answers: dict[str, str],
    url: str,
    controller: JobController,
    path: str,
    text: str,
    message: str,
) -> None:
    answers.update(TAIPY)
    taipy_tab(url, controller).close()
    answers[path] = text
    with pytest.raises(DidNotLoad, match=f"^{message}"):
        taipy_tab(url, controller)


def test_an_answer_to_a_click_that_no_script_can_read_is_an_error_of_the_page(
    answers: dict[str, str], url: str, controller: JobController
) -> None:
    answers |= {**TAIPY, "/action": "{}"}
    tab = taipy_tab(url, controller)
    tab.click("run")
    tab.close()
    expected = "the answer to /action is not what a page of the framework reads: it lacks 'number'"
    assert expected in [error.text for error in tab.errors]


def test_an_event_that_no_script_can_read_ends_the_page(
    answers: dict[str, str], url: str, controller: JobController
) -> None:
    answers |= {**TAIPY, "/events": 'id: 2\ndata: {"notify": {"type": "info"}}\n\n'}
    tab = taipy_tab(url, controller)
    while tab.advance():
        pass
    tab.close()
    (error,) = tab.errors
    assert error.text.endswith("it lacks 'message'")


@pytest.mark.parametrize(
    ("path", "text", "message"),
    [
        ("/", DASH["/"].replace("{}", "[1]"), "the page is not .*: 'list' object has no"),
        ("/", DASH["/"].replace("{}", "{"), "the page is not .*: Expecting property name"),
        ("/_dash-layout", "<html>", "/_dash-layout is not .*: Expecting value"),
        ("/_dash-dependencies", '[{"output": "a.b"}]', "/_dash-dep.*: it lacks 'inputs'"),
    ],
)
def test_a_dash_page_that_the_renderer_cannot_read_is_a_violation(
    answers: dict[str, str],
    url: str,
    controller: JobController,
    path: str,
    text: str,
    message: str,
) -> None:
    answers.update(DASH)
    DashWireTab(url, Timeline(), controller, "page-1").close()
    answers[path] = text
    with pytest.raises(DidNotLoad, match=f"^{message}"):
        DashWireTab(url, Timeline(), controller, "page-1")


@pytest.fixture(params=["taipy", "dash"])
def page(
    request: pytest.FixtureRequest, answers: dict[str, str], url: str, controller: JobController
) -> Iterator[Page]:
    """A page without the components of its program: a button ``go``, and a field ``name``."""
    answers |= TAIPY if request.param == "taipy" else DASH
    tab = taipy_tab(url, controller) if request.param == "taipy" else None
    host: Any = SimpleNamespace(has=lambda component: component in ("go", "name"))
    shown = tab or DashWireTab(url, Timeline(), controller, "page-1")
    yield Page(shown, Timeline(), controller, host, "page-1", "")
    shown.close()


def test_a_component_of_the_program_that_the_page_lacks_is_a_violation(page: Page) -> None:
    for act in (lambda: page.click("go"), lambda: page.set("name.value", "Ada")):
        with pytest.raises(Violation, match=r"^page-1 has no (element|component) '(go|name)'; it"):
            act()


def test_a_component_that_no_program_has_is_the_mistake_of_a_test(page: Page) -> None:
    for act in (lambda: page.click("og"), lambda: page.set("nmae.value", "Ada")):
        with pytest.raises(MissingComponent, match=r"^page-1 has no .* '(og|nmae)'; it has run"):
            act()


def test_a_disabled_button_of_the_taipy_style_does_not_react(
    answers: dict[str, str], url: str, controller: JobController
) -> None:
    answers |= {**TAIPY, "/": TAIPY["/"].replace("<button", "<button disabled")}
    tab = taipy_tab(url, controller)
    del answers["/action"]
    tab.click("run")
    tab.close()
    assert tab.errors == []
