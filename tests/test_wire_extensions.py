"""A page that is not ours may announce what scripts beside its renderer do: the wire page does it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from callback_conformance.adapters.dash.extensions import Extensions, tell_instance
from callback_conformance.adapters.dash.renderer.layout import Layout
from callback_conformance.adapters.dash.renderer.side_updates import matched
from callback_conformance.adapters.dash.wire import DashWireTab
from callback_conformance.control.controller import JobController
from callback_conformance.control.timeline import Timeline
from callback_conformance.page.tab import DidNotLoad
from tests.wire import DONE, components, declared, holds

LAYOUT = {"type": "Div", "props": {"children": components({"run.id": "run", "out.id": "out"})}}


class OtherApp(ThreadingHTTPServer):
    """The app of somebody else: it gives its first answers by these statuses (0: none), and then the result."""

    def __init__(self, config: dict[str, Any], *statuses: int, **more: Any) -> None:
        """``more`` is what its callback has besides."""
        super().__init__(("127.0.0.1", 0), OtherHandler)
        self.config = config
        self.statuses = list(statuses)
        self.more = more
        #: The query and the body of each request for a callback.
        self.requests: list[tuple[dict[str, list[str]], dict[str, Any]]] = []
        #: What each carries in the header of that name.
        self.headers: list[str | None] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()


class OtherHandler(BaseHTTPRequestHandler):
    """It serves one button and one callback, in the protocol of Dash."""

    server: OtherApp

    def do_GET(self) -> None:
        config = json.dumps(self.server.config)
        pages: dict[str, Any] = {
            "/_dash-layout": LAYOUT,
            "/_dash-dependencies": [declared("out.children", "run.n_clicks", **self.server.more)],
        }
        html = f'<script id="_dash-config" type="application/json">{config}</script>'
        self._answer(200, json.dumps(pages[self.path]) if self.path in pages else html)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append((parse_qs(urlsplit(self.path).query), body))
        self.server.headers.append(self.headers["Callback-Query"])
        status = self.server.statuses.pop(0) if self.server.statuses else 200
        if status:
            self._answer(status, json.dumps(DONE))

    def _answer(self, status: int, text: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *arguments: object) -> None:
        """Its requests are recorded by the app."""


@pytest.fixture
def controller() -> Iterator[JobController]:
    listening = JobController(Timeline())
    yield listening
    listening.close()


def clicked(app: OtherApp, controller: JobController) -> DashWireTab:
    """The page of an app, after a click and two rounds of polls."""
    try:
        url = f"http://127.0.0.1:{app.server_port}"
        tab = DashWireTab(url, controller.timeline, controller, "page-1")
        tab.click("run")
        tab.advance()
        tab.advance()
    finally:
        app.shutdown()
        app.server_close()
    return tab


@pytest.mark.parametrize("status", [0, 502, 503, 504])
def test_what_was_not_answered_is_repeated_with_its_number(
    controller: JobController, status: int
) -> None:
    app = OtherApp({"extensions": {"repeats": ["out.children"]}}, status, status)
    tab = clicked(app, controller)
    assert [query for query, _ in app.requests] == [
        {"order": ["1"]},
        {"order": ["1"], "again": ["1"]},
        {"order": ["1"], "again": ["1"]},
    ]
    assert (tab.get("out.children"), tab.errors) == ("done", [])


@pytest.mark.parametrize("extensions", [{}, {"extensions": {"repeats": ["other.children"]}}])
def test_what_is_not_announced_is_not_repeated(
    controller: JobController, extensions: dict[str, Any]
) -> None:
    app = OtherApp(extensions, 502)
    tab = clicked(app, controller)
    assert [query for query, _ in app.requests] == [{}]
    assert [error.status for error in tab.errors] == [502]


def test_a_page_that_announces_it_tells_the_instance(controller: JobController) -> None:
    tabs = [
        clicked(OtherApp(config), controller)
        for config in ({}, {"extensions": {"tells_instance": True}})
    ]
    assert [tab.renderer.before for tab in tabs] == [None, tell_instance]


def test_a_query_goes_into_the_header_that_a_page_names(controller: JobController) -> None:
    app = OtherApp({"end_id": "page", "extensions": {"query_header": "Callback-Query"}})
    clicked(app, controller)
    assert [query for query, _ in app.requests] == [{}]
    assert app.headers == ["endId=page"]


@pytest.mark.parametrize(
    ("config", "errors"),
    [
        ({}, ["Cannot read properties of undefined (reading 'map')"]),
        ({"extensions": {"leaves_out_unmatched": True}}, []),
    ],
    ids=["stock", "announced"],
)
def test_a_page_that_announces_it_leaves_out_of_running_what_matches_nothing(
    controller: JobController, config: dict[str, Any], errors: list[str]
) -> None:
    unmatched = {'{"index":["ALL"],"type":"go"}.disabled': True}
    app = OtherApp(config, running=holds(unmatched, unmatched))
    tab = clicked(app, controller)
    assert [error.text for error in tab.errors] == errors
    assert len(app.requests) == 1 - len(errors)


def test_only_entries_with_all_that_match_nothing_are_left_out() -> None:
    layout = Layout({"type": "Button", "props": {"id": {"type": "go", "index": 1}}})
    here, elsewhere = (
        '{"index":["ALL"],"type":"go"}.disabled',
        '{"index":["ALL"],"type":"no"}.disabled',
    )
    own, plain = '{"index":["MATCH"],"type":"no"}.disabled', "no.disabled"
    running = dict.fromkeys((here, elsewhere, own, plain), True)
    assert list(matched(running, layout)) == [here, own, plain]


@pytest.mark.parametrize(
    ("announced", "message"),
    [
        (
            {"repeat": []},
            "the page announces the extensions ['repeat']; choose from "
            "['leaves_out_unmatched', 'query_header', 'repeats', 'tells_instance']",
        ),
        (
            {"repeats": "out.children"},
            "the extension repeats is 'out.children'; expected ids of callbacks",
        ),
        (
            {"tells_instance": 1},
            "the extension tells_instance is 1; expected true or false",
        ),
        (
            {"query_header": "a b"},
            "the extension query_header is 'a b'; expected a header's name",
        ),
        (
            {"leaves_out_unmatched": "yes"},
            "the extension leaves_out_unmatched is 'yes'; expected true or false",
        ),
    ],
)
def test_what_is_no_extension_is_named(announced: dict[str, Any], message: str) -> None:
    with pytest.raises(DidNotLoad) as refusal:
        Extensions.of({"extensions": announced})
    assert str(refusal.value) == message
