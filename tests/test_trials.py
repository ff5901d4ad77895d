"""One test's run, and the rehearsal that precedes all: what goes wrong is told, and nothing is left."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path
from typing import NoReturn

import pytest

from callback_conformance.adapters import Adapter
from callback_conformance.backends import Backend
from callback_conformance.control.violation import Violation
from callback_conformance.processes import App, AppDidNotStart, Launch, WarmProcess
from callback_conformance.scenario import (
    Button,
    Scenario,
    Text,
    background,
    give,
    scenario,
    wait_at,
)
from callback_conformance.session.session import Trial
from callback_conformance.session.warmup import CannotRehearse, rehearsed
from tests import scripted

SCENE: Scenario = scenario(
    Button("run"),
    Text("out"),
    background(output="out.children", inputs="run.n_clicks", job=wait_at("gate") >> give("done")),
)


def trial(warm: WarmProcess, implementation: Adapter = scripted.adapter) -> Trial:
    """A trial of the scripted."""
    return Trial(implementation, "background", Backend("thread"), "wire", warm)


@pytest.mark.usefixtures("descriptors")
def test_a_trial_plays_a_scenario_and_leaves_nothing(warm: WarmProcess, disk: Path) -> None:
    run = trial(warm)
    page = run.open(SCENE)
    page.click("run")
    page.next_job().release("gate").wait_for_end()
    page.expect_value("out.children", "done")
    run.close()
    assert list(disk.iterdir()) == []


@pytest.mark.usefixtures("descriptors")
def test_a_trial_that_is_closed_in_the_middle_leaves_nothing(warm: WarmProcess, disk: Path) -> None:
    run = trial(warm)
    page = run.open(SCENE)
    for one in (page, page.another_user()):
        one.click("run")
        one.next_job().wait_for_gate("gate")
    run.close()
    assert list(disk.iterdir()) == []


def test_pages_are_named_in_the_order_of_their_opening(warm: WarmProcess) -> None:
    run = trial(warm)
    page = run.open(SCENE)
    pages = [page, page.another_user(), page.another_user()]
    assert [one.name for one in pages] == ["page-1", "page-2", "page-3"]
    assert [one.user for one in pages] == ["page-1-user", "page-2-user", "page-3-user"]
    run.close()


def test_an_app_that_does_not_start_leaves_nothing(warm: WarmProcess, disk: Path) -> None:
    run = trial(warm, scripted.cannot_start)
    with pytest.raises(AppDidNotStart, match="no such setting"):
        run.open(SCENE)
    run.close()
    assert list(disk.iterdir()) == []


def test_a_page_that_does_not_load_is_a_violation(warm: WarmProcess, disk: Path) -> None:
    def refuse(*_: object) -> NoReturn:
        raise ConnectionRefusedError("nobody listens")

    run = trial(warm, dataclasses.replace(scripted.adapter, drivers={"wire": refuse}))
    with pytest.raises(Violation) as raised:
        run.open(SCENE)
    assert str(raised.value) == "the page of page-1 did not load: nobody listens"
    run.close()
    assert list(disk.iterdir()) == []


def test_a_page_that_cannot_be_closed_keeps_nothing_from_being_closed(
    warm: WarmProcess, disk: Path
) -> None:
    run = trial(warm)
    page = run.open(SCENE)
    page._tab.close = lambda: 1 / 0  # type: ignore[method-assign]
    with pytest.raises(ZeroDivisionError):
        run.close()
    assert list(disk.iterdir()) == []


def test_kept_programs_lie_beside_the_probe_that_they_import(
    warm: WarmProcess, tmp_path: Path
) -> None:
    run = trial(warm)
    run.open(SCENE)
    run.open(SCENE)
    kept = run.keep_programs(tmp_path / "kept")
    run.close()
    assert kept == [tmp_path / "kept" / "app.py", tmp_path / "kept" / "2" / "app.py"]
    for program in kept:
        assert program.read_text() == scripted.render(SCENE, "background", "thread")
        assert program.with_name("probe.py").exists()


# The rehearsal.


def test_what_a_rehearsed_app_has_imported_every_later_app_has(disk: Path) -> None:
    warm = rehearsed(scripted.adapter, sys.executable, "background", Backend("thread"))
    assert list(disk.iterdir()) == []
    source = "import sys\nprint('socketserver' in sys.modules, 'probe' in sys.modules)\n"
    app = App(warm, source + "1 / 0", Launch(), probe_socket="")
    with pytest.raises(AppDidNotStart, match=r"It printed:\nTrue False\n"):
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
def test_what_cannot_be_rehearsed_is_told_and_leaves_nothing(
    broken: Adapter, reason: str, disk: Path
) -> None:
    with pytest.raises(CannotRehearse) as raised:
        rehearsed(broken, sys.executable, "background", Backend("thread"))
    first, *rest = str(raised.value).splitlines()
    assert first == "scripted cannot be judged: its simplest app does not run a job."
    assert any(line.endswith(reason) for line in rest)
    assert list(disk.iterdir()) == []


# A page's assertions.


def test_a_page_says_what_it_shows_and_what_was_expected(
    warm: WarmProcess, request: pytest.FixtureRequest
) -> None:
    run = trial(warm)
    page = run.open(SCENE)
    page.click("run")
    page.next_job().wait_for_gate("gate")
    request.getfixturevalue("patience")
    with pytest.raises(Violation) as raised:
        page.expect_value("out.children", "done")
    assert str(raised.value) == "out.children is None on page-1; expected 'done'"
    run.close()
