"""What happens to an app from outside its pages: other tabs, logins, restarts, files, what it starts."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from callback_conformance.backends import Backend
from callback_conformance.control.violation import Violation
from callback_conformance.page import Page
from callback_conformance.processes import WarmProcess
from callback_conformance.scenario import Button, Scenario, Text, background, give, scenario
from callback_conformance.session.session import AppSession
from tests.null_implementations import idle

#: Its page shows the browser's cookie, which is given at the first visit, the login, and a file's text; a
#: request of the button forks what ``started`` says.
SERVER = """\
import http.server
import itertools
import json
import os
import time

import probe

SEATS = itertools.count(1)


def shown(id, children):
    return {{"type": "Div", "props": {{"id": id, "children": children}}}}


class Requests(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        cookies = (self.headers.get("Cookie") or "").split("; ")
        seat = next((cookie for cookie in cookies if cookie.startswith("seat=")), None)
        told = seat, self.headers.get("Authorization")
        parts = [shown("cookie", told[0]), shown("login", told[1])]
        parts += [shown("file", open("kept.txt").read()), shown("run", "run"), shown("out", "")]
        depends = {{"output": "out.children", "inputs": [{{"id": "run", "property": "n_clicks"}}]}}
        depends.update(state=[], prevent_initial_call=True)
        layout = {{"type": "Div", "props": {{"children": parts}}}}
        answers = {{"/_dash-layout": layout, "/_dash-dependencies": [depends]}}
        taken = {{"Set-Cookie": f"seat={{next(SEATS)}}"}} if seat is None else {{}}
        self.answer(answers.get(self.path, ""), taken if self.path == "/" else {{}})

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        if os.fork() == 0:
            {started}
            os._exit(0)
        self.answer({{"multi": True, "response": {{"out": {{"children": "seen"}}}}}}, {{}})

    def answer(self, value, headers):
        body = json.dumps(value).encode()
        self.send_response(200)
        for name, text in {{"Content-Type": "application/json", **headers}}.items():
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    http.server.HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Requests).serve_forever()
"""
SCENE: Scenario = scenario(
    Button("run"),
    Text("out"),
    background(output="out.children", inputs="run.n_clicks", job=give("done")),
    files={"kept.txt": "as it was"},
)
Opened = Callable[..., Page]


@pytest.fixture
def opened(warm: WarmProcess, request: pytest.FixtureRequest) -> Iterator[Opened]:
    """Opens a page of the server; ``started`` is what a click of its button forks."""
    sessions: list[AppSession] = []

    def start(started: str = "pass", login: str = "") -> Page:
        def render(*_: object) -> str:
            return SERVER.format(started=started)

        tells = dataclasses.replace(idle, render=render)
        sessions.append(AppSession(tells, "background", Backend("none"), "wire", warm))
        return sessions[-1].open(SCENE, login)

    yield start
    for session in sessions:
        session.close()


def cookie(page: Page) -> str:
    """The cookie with which a page was loaded again."""
    page.reload()
    return str(page.get("cookie.children"))


def test_a_second_tab_has_the_cookies_of_its_user_and_another_user_has_others(
    opened: Opened,
) -> None:
    page = opened()
    tab, other = page.another_tab(), page.another_user()
    assert [cookie(opened_page) for opened_page in (page, tab, other)] == [
        "seat=1",
        "seat=1",
        "seat=2",
    ]
    assert (tab.name, tab.user) == ("page-2", "page-2-user")


def test_a_login_goes_with_each_request_of_its_user_alone(opened: Opened) -> None:
    page = opened(login="ada")
    bob, nobody = page.another_user(login="bob"), page.another_user()
    ada = page.get("login.children")
    assert ada.startswith("Basic ")
    assert bob.get("login.children") not in (None, ada)
    assert nobody.get("login.children") is None
    page.reload()
    assert page.get("login.children") == ada
    assert page.another_tab().get("login.children") == ada


def test_an_app_is_started_anew_in_its_folder_on_another_port(opened: Opened) -> None:
    page = opened()
    host = page._host
    before, address = host.processes(), host._url("")
    page.server.change_file("kept.txt", "changed")
    page.server.restart()
    assert not before & host.processes()
    assert host.processes()
    assert host._url("") != address
    page.reload()
    assert page.get("file.children") == "changed"


def test_a_file_that_is_changed_is_a_second_younger(opened: Opened) -> None:
    page = opened()
    file = page._host.folder / "kept.txt"
    before = file.stat().st_mtime
    page.server.change_file("kept.txt", "as it was")
    assert file.stat().st_mtime == pytest.approx(before + 1, abs=0.001)


def test_a_kept_program_has_its_files(opened: Opened, tmp_path: Path) -> None:
    opened()._host._session.keep_programs(tmp_path)
    assert sorted(os.listdir(tmp_path)) == ["app.py", "kept.txt", "probe.py"]


def test_a_job_that_has_not_yet_said_that_it_started_is_waited_for(opened: Opened) -> None:
    page = opened(started='time.sleep(0.2); probe.started("late")')
    with (
        pytest.raises(Violation, match=r"^job-1 \(late, .*\) started, but no job was expected$"),
        page.server.starting_no_job(),
    ):
        page.click("run")


def test_a_process_that_runs_no_job_is_none(opened: Opened) -> None:
    page = opened(started="time.sleep(0.2)")
    with page.server.starting_no_job():
        page.click("run")
    page.expect_value("out.children", "seen")
