"""One test's session and the warm-up: errors are reported, and nothing is left."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path
from typing import NoReturn

import pytest

from callback_conformance.adapters import Adapter
from callback_conformance.backends import Backend
from callback_conformance.backends.backend import Worker
from callback_conformance.control import violation
from callback_conformance.control.violation import Violation
from callback_conformance.processes import App, AppEnded, Launch, WarmProcess
from callback_conformance.scenario import (
    Button,
    Scenario,
    Text,
    background,
    give,
    scenario,
    wait_at,
)
from callback_conformance.session.recorder import explain, record
from callback_conformance.session.session import AppSession
from callback_conformance.session.warmup import WarmUpFailed, warm_up
from tests import scripted

SCENE: Scenario = scenario(
    Button("run"),
    Text("out"),
    background(output="out.children", inputs="run.n_clicks", job=wait_at("gate") >> give("done")),
)


def new_session(warm: WarmProcess, adapter: Adapter = scripted.adapter) -> AppSession:
    """A session of the scripted implementation."""
    return AppSession(adapter, "background", Backend("thread"), "wire", warm)


@pytest.mark.usefixtures("descriptors")
def test_a_session_runs_a_scenario_and_leaves_nothing(warm: WarmProcess, disk: Path) -> None:
    session = new_session(warm)
    page = session.open(SCENE)
    page.click("run")
    page.next_job().release("gate").wait_for_end()
    page.expect_value("out.children", "done")
    session.close()
    assert list(disk.iterdir()) == []


@pytest.mark.usefixtures("descriptors")
def test_a_session_that_is_closed_in_the_middle_leaves_nothing(
    warm: WarmProcess, disk: Path
) -> None:
    session = new_session(warm)
    page = session.open(SCENE)
    for user_page in (page, page.another_user()):
        user_page.click("run")
        user_page.next_job().wait_for_gate("gate")
    session.close()
    assert list(disk.iterdir()) == []


def test_pages_are_named_in_the_order_of_their_opening(warm: WarmProcess) -> None:
    session = new_session(warm)
    page = session.open(SCENE)
    pages = [page, page.another_user(), page.another_user()]
    assert [page.name for page in pages] == ["page-1", "page-2", "page-3"]
    assert [page.user for page in pages] == ["page-1-user", "page-2-user", "page-3-user"]
    session.close()


def test_an_app_that_does_not_start_leaves_nothing(warm: WarmProcess, disk: Path) -> None:
    session = new_session(warm, scripted.cannot_start)
    with pytest.raises(AppEnded, match="no such setting"):
        session.open(SCENE)
    session.close()
    assert list(disk.iterdir()) == []


def test_a_page_that_does_not_load_is_a_violation(warm: WarmProcess, disk: Path) -> None:
    def refuse(*_: object) -> NoReturn:
        raise ConnectionRefusedError("nobody listens")

    session = new_session(warm, dataclasses.replace(scripted.adapter, drivers={"wire": refuse}))
    with pytest.raises(Violation) as raised:
        session.open(SCENE)
    assert str(raised.value) == "the page of page-1 did not load: nobody listens"
    session.close()
    assert list(disk.iterdir()) == []


def test_a_page_that_cannot_be_closed_keeps_nothing_from_being_closed(
    warm: WarmProcess, disk: Path
) -> None:
    session = new_session(warm)
    page = session.open(SCENE)
    page._tab.close = lambda: 1 / 0  # type: ignore[method-assign]
    with pytest.raises(ZeroDivisionError):
        session.close()
    assert list(disk.iterdir()) == []


def test_kept_programs_lie_beside_the_probe_that_they_import(
    warm: WarmProcess, tmp_path: Path
) -> None:
    session = new_session(warm)
    session.open(SCENE)
    session.open(SCENE)
    kept = session.keep_programs(tmp_path / "kept")
    session.close()
    assert kept == [tmp_path / "kept" / "app.py", tmp_path / "kept" / "2" / "app.py"]
    for program in kept:
        assert program.read_text() == scripted.render(SCENE, "background", "thread")
        assert program.with_name("probe.py").exists()


# The warm-up.


def test_what_the_app_of_the_warm_up_has_imported_every_later_app_has(disk: Path) -> None:
    warm = warm_up(scripted.adapter, sys.executable, "background", Backend("thread"))
    assert list(disk.iterdir()) == []
    source = "import sys\nprint('socketserver' in sys.modules, 'probe' in sys.modules)\n"
    app = App(warm, source + "1 / 0", Launch(), probe_socket="")
    with pytest.raises(AppEnded, match=r"It printed:\nTrue False\n"):
        app.wait_until_listening()
    app.close()
    warm.close()


@pytest.mark.usefixtures("descriptors", "patience")
@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (scripted.cannot_render, "RuntimeError: the adapter cannot render"),
        (scripted.cannot_open, "RuntimeError: the adapter cannot open"),
        (scripted.cannot_start, "ended before it listened on its port."),
        (scripted.runs_no_job, "no job started within 0 s"),
    ],
    ids=["cannot render", "cannot open", "cannot start", "runs no job"],
)
def test_a_warm_up_that_fails_says_why_and_leaves_nothing(
    broken: Adapter, reason: str, disk: Path
) -> None:
    with pytest.raises(WarmUpFailed) as raised:
        warm_up(broken, sys.executable, "background", Backend("thread"))
    first, *rest = str(raised.value).splitlines()
    assert first == "scripted cannot be tested: its simplest app does not run a job."
    assert any(line.endswith(reason) for line in rest)
    assert list(disk.iterdir()) == []


#: A backend with a worker that complains.
COMPLAINING = Backend(
    "thread", worker=Worker(lambda name, count: ("sh", "-c", "echo no broker; sleep 600"), "no b")
)


@pytest.mark.usefixtures("patience")
@pytest.mark.parametrize("broken", [scripted.runs_no_job, scripted.ends_beside_a_worker])
def test_a_warm_up_that_fails_says_what_each_worker_printed(broken: Adapter) -> None:
    with pytest.raises(WarmUpFailed) as raised:
        warm_up(broken, sys.executable, "background", COMPLAINING)
    assert "worker-1-1 printed last:\nno broker" in str(raised.value)


def test_a_failure_says_what_the_app_and_each_worker_printed(warm: WarmProcess) -> None:
    session = AppSession(scripted.noisy, "background", COMPLAINING, "wire", warm)
    session.open(SCENE)
    explained = explain([], "it failed", session, "pytest …", None)
    [app] = record("test", "it failed", "", "pytest …", session).programs
    session.close()
    assert "the app printed last:\nhere I am\n\nworker-1-1 printed last:\nno broker" in explained
    assert app.log == "here I am\n\nworker-1-1 printed last:\nno broker"


@pytest.mark.usefixtures("descriptors")
def test_a_worker_that_lives_on_says_when_a_job_is_over(
    disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    warm_up(scripted.in_a_pool, sys.executable, "background", Backend("thread")).close()
    monkeypatch.setattr(violation, "WAIT_SECONDS", 2.0)
    with pytest.raises(
        WarmUpFailed, match=r"did not end within 2 s(?s:.)*`import probe; probe\.finished\(\)`"
    ):
        warm_up(scripted.in_a_silent_pool, sys.executable, "background", Backend("thread"))
    assert list(disk.iterdir()) == []


# A page's assertions.


def test_a_page_says_what_it_shows_and_what_was_expected(
    warm: WarmProcess, request: pytest.FixtureRequest
) -> None:
    session = new_session(warm)
    page = session.open(SCENE)
    page.click("run")
    page.next_job().wait_for_gate("gate")
    request.getfixturevalue("patience")
    with pytest.raises(Violation) as raised:
        page.expect_value("out.children", "done")
    assert str(raised.value) == "out.children is None on page-1; expected 'done'"
    session.close()
