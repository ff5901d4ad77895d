"""What changed between two matrices, or two releases in one, and how the command's exit status tells it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from callback_conformance.matrix.compare import Change, changes, read_matrix
from callback_conformance.matrix.record import Record, State, write_record
from tests.command import typed

OK, REGRESSED, BAD_USAGE = 0, 1, 2


def record(asked: str = "some@1.0", state: str = "ran", **verdicts: str) -> Record:
    """A cell; ``ONE_1`` stands for the requirement ONE-1."""
    found = {id.replace("_", "-"): verdict for id, verdict in verdicts.items()}
    return Record(
        asked, "background", "thread", "wire", State(state), "", 1.0, "pytest", verdicts=found
    )


def differ(old: Record | None, new: Record | None) -> list[tuple[str, str, str]]:
    """The changes of one cell: kind, requirement, what."""
    found = changes({"cell": old} if old else {}, {"cell": new} if new else {})
    assert all(change.cell == "cell" for change in found)
    return [(change.kind, change.requirement, change.what) for change in found]


def write(folder: Path, *records: Record) -> Path:
    """A matrix's folder."""
    for one in records:
        place = folder / "cells" / one.id
        place.mkdir(parents=True)
        write_record(place, one)
        requirements = {id: {"verdict": verdict} for id, verdict in one.verdicts.items()}
        (place / "report.json").write_text(json.dumps({"cells": [{"requirements": requirements}]}))
    return folder


# What is better, what is worse.


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("verified", "violated", "regressions"),
        ("verified", "not decided", "regressions"),
        ("violated", "verified", "improvements"),
        ("not decided", "verified", "improvements"),
        ("violated", "not decided", "other changes"),
        ("not decided", "violated", "other changes"),
        ("verified", "not applicable", "other changes"),
    ],
)
def test_a_verdict_that_changed_is_of_a_kind(old: str, new: str, kind: str) -> None:
    found = differ(record(ONE_1=old, ONE_2="verified"), record(ONE_1=new, ONE_2="verified"))
    assert found == [(kind, "ONE-1", f"{old} → {new}")]


def test_a_requirement_that_only_one_has_is_new_or_gone() -> None:
    assert differ(record(), record(ONE_1="violated")) == [("new", "ONE-1", "new: violated")]
    assert differ(record(ONE_1="verified"), record()) == [
        ("gone", "ONE-1", "gone; before: verified")
    ]


def test_a_cell_that_lost_its_verdicts_has_regressed() -> None:
    found = differ(record(ONE_1="verified"), record(state="timed out"))
    assert found == [("regressions", "", "the cell has no verdicts any more: timed out")]


def test_a_cell_that_got_verdicts_has_improved() -> None:
    found = differ(record(state="not installed"), record(ONE_1="violated"))
    assert found == [("improvements", "", "the cell has verdicts; before: not installed")]


def test_a_cell_that_only_one_matrix_has_is_new_or_gone() -> None:
    assert differ(None, record()) == [("new", "", "the cell is new")]
    assert differ(record(ONE_1="verified"), None) == [("gone", "", "the cell is gone")]


def test_equal_matrices_differ_in_nothing() -> None:
    assert differ(record(ONE_1="violated"), record(ONE_1="violated")) == []
    assert differ(record(state="crashed"), record(state="crashed")) == []


def test_the_worst_comes_first() -> None:
    old = {"a": record(), "b": record(ONE_1="violated"), "c": record(ONE_1="verified")}
    new = {"b": record(ONE_1="verified"), "c": record(ONE_1="violated"), "d": record()}
    assert [(one.kind, one.cell) for one in changes(old, new)] == [
        ("regressions", "c"),
        ("improvements", "b"),
        ("new", "d"),
        ("gone", "a"),
    ]
    assert isinstance(changes(old, new)[0], Change)


# The command.


def test_nothing_worse_is_a_success(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = write(tmp_path / "old", record(ONE_1="violated"))
    new = write(tmp_path / "new", record(ONE_1="verified"), record("some@2.0", ONE_1="violated"))
    assert typed("compare", str(old), str(new)) == OK
    assert capsys.readouterr().out == (
        "improvements:\n  ONE-1 violated → verified\n    some@1.0-background-thread-wire\n"
        "new:\n  the cell is new\n    some@2.0-background-thread-wire\n"
    )
    assert typed("compare", str(old), str(old)) == OK
    assert capsys.readouterr().out == "nothing changed\n"


def test_something_worse_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cells = [record("some@1.0", ONE_1="verified"), record("some@2.0", ONE_1="verified")]
    old = write(tmp_path / "old", *cells)
    new = write(tmp_path / "new", *(record(one.asked, ONE_1="violated") for one in cells))
    assert typed("compare", str(old), str(new)) == REGRESSED
    assert capsys.readouterr().out == (
        "regressions:\n  ONE-1 verified → violated\n"
        "    some@1.0-background-thread-wire\n    some@2.0-background-thread-wire\n"
    )


def test_two_releases_of_one_matrix_are_compared_cell_by_cell(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cells = [record("some@1.0", ONE_1="verified"), record("some@2.0", ONE_1="violated")]
    matrix = str(write(tmp_path, *cells))
    assert typed("compare", matrix, "--releases", "some@1.0", "some@2.0") == REGRESSED
    assert "  ONE-1 verified → violated\n    background-thread-wire\n" in capsys.readouterr().out
    assert typed("compare", matrix, "--releases", "some@2.0", "some@1.0") == OK


def test_a_published_report_is_a_matrix_too(tmp_path: Path) -> None:
    cell = {
        "asked": "some@1.0", "dialect": "background", "backend": "thread", "driver": "wire", "state": "ran",
        "reason": None, "seconds": None, "command": None,
        "verdicts": {"ONE-1": "violated, new", "ONE-2": "violated", "TWO-1": "not applicable"},
    }  # fmt: skip
    lost = {**cell, "asked": "some@2.0", "state": "crashed", "verdicts": {"ONE-1": "did not run"}}
    (tmp_path / "matrix.json").write_text(json.dumps({"cells": [cell, lost]}))
    old = write(
        tmp_path / "old", record(ONE_1="violated", ONE_2="verified", TWO_1="not applicable")
    )
    assert read_matrix(tmp_path) == read_matrix(tmp_path / "matrix.json")
    assert [(one.kind, one.cell, one.requirement) for one in changes(read_matrix(old), read_matrix(tmp_path))] == [
        ("regressions", "some@1.0-background-thread-wire", "ONE-2"),
        ("new", "some@2.0-background-thread-wire", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["{there}"], "name two matrices, or one and two of its releases: --releases OLD NEW"),
        (["{there}", "{empty}"], "{empty} holds no matrix: expected the folder of a run"),
        (["{there}", "{broken}"], "{broken} is no matrix.json of a report"),
        (["{there}", "--releases", "some@1.0", "some@9"], "no cell of 'some@9' is in the matrix; there are some@1.0"),
    ],
)  # fmt: skip
def test_bad_usage_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    places = {name: str(tmp_path / name) for name in ("there", "empty", "broken")}
    write(tmp_path / "there", record(ONE_1="verified"))
    (tmp_path / "empty").mkdir()
    (tmp_path / "broken").write_text('{"cells": [{}]}')
    assert typed("compare", *(word.format(**places) for word in words)) == BAD_USAGE
    assert said.format(**places) in capsys.readouterr().err


def test_unknown_arguments_are_bad_usage() -> None:
    assert typed("compare") == BAD_USAGE
