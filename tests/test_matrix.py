"""Running a matrix: what is kept of each cell, what is run again, and what does not stop the others."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from callback_conformance.matrix.progress import phase
from callback_conformance.matrix.run import next_of
from callback_conformance.results.cell import CellSpec
from callback_conformance.results.report_file import read_run_report
from tests.command import typed
from tests.matrix import ABSENT, ID, SCRIPTED, Matrix
from tests.tiny import ROOT, VIOLATED, three

pytest_plugins = ["pytester"]

OK, REGRESSED, BAD_USAGE, NOT_AS_RECORDED, INTERRUPTED = 0, 1, 2, 3, 130
HANGS = "import threading; threading.Event().wait()"

# A run.


def test_next_is_a_cell_of_the_implementation_of_which_the_fewest_run() -> None:
    first, second, other = (
        CellSpec(release, "background", "b") for release in ("a@1", "a@2", "c@1")
    )
    assert next_of([first, second, other], []) == first
    assert next_of([second, other], [first]) == other
    assert next_of([second], [first, other]) == second


def test_a_cell_that_ran_is_kept_with_its_report(
    matrix: Matrix, capsys: pytest.CaptureFixture[str]
) -> None:
    assert matrix.run() == OK
    kept = matrix.cell()
    assert kept.state == "ran"
    assert kept.cell == CellSpec(SCRIPTED, "background", "thread", "wire")
    assert kept.seconds > 0
    assert kept.cpu_seconds > 0
    assert kept.command.startswith("pytest ")
    assert f"--impl={SCRIPTED} --backend=thread --dialect=background" in kept.command
    assert kept.installed["pytest"] == pytest.__version__
    report = read_run_report(matrix.folder / "cells" / ID / "report.json")
    assert report.cells[0].verdicts["ONE-1"] == "verified"
    assert not (matrix.folder / "running").exists()
    row = rf"{re.escape(ID)} +3 +\. +\. +1 +\d+  ran"
    assert re.search(row, capsys.readouterr().out)


def test_a_failure_that_is_not_recorded_is_told(matrix: Matrix) -> None:
    matrix.tiny.write(three(first=VIOLATED))
    assert matrix.run() == NOT_AS_RECORDED
    assert matrix.cell().state == "ran"


def test_words_that_match_no_cell_are_bad_usage(
    matrix: Matrix, capsys: pytest.CaptureFixture[str]
) -> None:
    assert matrix.run("dash@*", "celery") == BAD_USAGE
    assert "no cell matches 'dash@* celery'" in capsys.readouterr().err
    assert not matrix.folder.exists()


# What goes wrong in one cell does not stop the others.


def test_a_release_that_cannot_be_installed_is_told_and_the_others_run(matrix: Matrix) -> None:
    matrix.lists("dash@99.0", SCRIPTED)
    assert matrix.run() == NOT_AS_RECORDED
    kept = matrix.cell(ABSENT)
    assert kept.state == "not installed"
    assert "dash==99.0" in kept.reason
    assert not (matrix.folder / "cells" / ABSENT / "report.json").exists()
    assert matrix.cell().state == "ran"


def test_a_cell_that_hangs_is_given_up(matrix: Matrix) -> None:
    matrix.lists(SCRIPTED, seconds=6)
    matrix.tiny.write(three(second=HANGS))
    assert matrix.run() == NOT_AS_RECORDED
    kept = matrix.cell()
    assert (kept.state, kept.reason) == ("timed out", "it did not end within 6 s")
    assert not (matrix.folder / "cells" / ID / "report.json").exists()


def test_a_suite_that_ends_otherwise_has_crashed(matrix: Matrix) -> None:
    matrix.tiny.write(three(second="import os; os._exit(7)"))
    assert matrix.run() == NOT_AS_RECORDED
    kept = matrix.cell()
    assert kept.state == "crashed"
    assert kept.reason.startswith("pytest ended with status 7:")


# What is run again.


def test_a_result_that_still_holds_is_kept(matrix: Matrix) -> None:
    assert matrix.run() == OK
    first = matrix.written_ns()
    assert matrix.run() == OK
    assert matrix.written_ns() == first


@pytest.mark.parametrize("how", ["the suite changed", "again", "other words"])
def test_a_result_that_does_not_is_made_again(matrix: Matrix, how: str) -> None:
    assert matrix.run() == OK
    first = matrix.written_ns()
    if how == "the suite changed":
        matrix.tiny.write(three())
    if how == "other words":
        assert typed(*matrix.words(), "-k", "first") == OK
    else:
        assert matrix.run(*["--again"] * (how == "again")) == OK
    assert matrix.written_ns() != first


def test_a_release_that_was_not_installed_is_tried_again(matrix: Matrix) -> None:
    matrix.lists("dash@99.0")
    assert matrix.run() == NOT_AS_RECORDED
    first = (matrix.folder / "cells" / ABSENT).stat().st_ctime_ns
    assert matrix.run() == NOT_AS_RECORDED
    assert (matrix.folder / "cells" / ABSENT).stat().st_ctime_ns != first


def test_a_folder_of_another_version_raises_and_stays_as_it_is(
    matrix: Matrix, capsys: pytest.CaptureFixture[str]
) -> None:
    file = matrix.folder / "cells" / ID / "cell.json"
    file.parent.mkdir(parents=True)
    file.write_text('{"asked": "tests.scripted:adapter"}')
    assert matrix.run() == BAD_USAGE
    assert "does not have the form of this version" in capsys.readouterr().err
    assert list(matrix.folder.rglob("*.json")) == [file]


# Since the last run.


def test_what_was_verified_and_is_violated_has_regressed(
    matrix: Matrix, capsys: pytest.CaptureFixture[str]
) -> None:
    assert matrix.run() == OK
    matrix.tiny.write(three(first=VIOLATED))
    assert matrix.run() == REGRESSED
    printed = capsys.readouterr().out
    assert f"since the last run:\nregressions:\n  ONE-1 verified → violated\n    {ID}\n" in printed
    matrix.tiny.write(three())
    assert matrix.run() == OK
    assert "improvements:\n  ONE-1 violated → verified\n" in capsys.readouterr().out


def test_a_cell_that_is_no_longer_listed_is_gone(
    matrix: Matrix, capsys: pytest.CaptureFixture[str]
) -> None:
    matrix.lists("dash@99.0", SCRIPTED)
    matrix.run()
    matrix.lists(SCRIPTED)
    assert matrix.run() == OK
    assert f"gone:\n  the cell is gone\n    {ABSENT}\n" in capsys.readouterr().out
    assert not (matrix.folder / "cells" / ABSENT).exists()
    assert (matrix.folder / "gone" / ABSENT / "cell.json").exists()


def test_a_narrowed_run_keeps_the_other_cells(matrix: Matrix) -> None:
    matrix.lists("dash@99.0", SCRIPTED)
    matrix.run()
    assert matrix.run("thread") == OK
    assert matrix.cell(ABSENT).state == "not installed"


# Ctrl-C.


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_ends_its_processes_and_keeps_what_has_ended(
    matrix: Matrix, number: signal.Signals
) -> None:
    matrix.lists("dash@99.0", SCRIPTED)
    pid_file = matrix.tiny.folder / "pid"
    hangs = (
        f"import os, pathlib; pathlib.Path({str(pid_file)!r}).write_text(str(os.getpid())); {HANGS}"
    )
    matrix.tiny.write(three(second=hangs))
    command = [sys.executable, "-m", "tests.command", *matrix.words()]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT
    )
    _wait_for(lambda: pid_file.exists() and pid_file.read_text() != "")
    _wait_for(lambda: (matrix.folder / "cells" / ABSENT / "cell.json").exists())
    process.send_signal(number)
    printed, _ = process.communicate(timeout=40)
    assert process.returncode == INTERRUPTED, printed
    assert "interrupted: what has ended is kept; run it again to go on" in printed
    assert not _lives(int(pid_file.read_text()))
    assert matrix.cell(ABSENT).state == "not installed"
    assert not (matrix.folder / "cells" / ID).exists()
    assert not (matrix.folder / "running").exists()
    matrix.tiny.write(three())
    assert matrix.run() == NOT_AS_RECORDED
    assert matrix.cell().state == "ran"


def _wait_for(fact: Any) -> None:
    give_up = time.monotonic() + 60
    while not fact():
        assert time.monotonic() < give_up
        time.sleep(0.02)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


@pytest.mark.parametrize(
    ("printed", "words"),
    [
        (None, "its environment is made"),
        ("", "its tests run"),
        ("header of E and F\n..x..X. [ 50%]\n", "its tests run"),
        ("..F.E [ 50%]\n.F", "3 failed"),
    ],
)
def test_a_display_tells_what_a_cell_is_at(tmp_path: Path, printed: str | None, words: str) -> None:
    if printed is not None:
        (tmp_path / "output.txt").write_text(printed)
    assert phase(tmp_path / "output.txt") == words
