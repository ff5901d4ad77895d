"""What changed between two matrices, or two releases in one, and the command's exit status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from callback_conformance.matrix.compare import Change, changes, read_matrix
from callback_conformance.report import build
from callback_conformance.results.cell import CellSpec
from callback_conformance.results.cell_file import CellResult, CellState, write_cell_result
from callback_conformance.results.verdict import Verdict
from tests.command import typed
from tests.reports import cell, write_matrix

OK, REGRESSED, BAD_USAGE = 0, 1, 2


def result(release: str = "some@1.0", state: str = "ran", **verdicts: str) -> CellResult:
    """A cell; ``ONE_1`` stands for the requirement ONE-1."""
    return CellResult(
        CellSpec(release, "background", "thread"),
        CellState(state),
        verdicts={id.replace("_", "-"): Verdict(verdict) for id, verdict in verdicts.items()},
    )


def differ(old: CellResult | None, new: CellResult | None) -> list[tuple[str, str, str]]:
    """The changes of one cell: kind, requirement, what."""
    differences = changes({"cell": old} if old else {}, {"cell": new} if new else {})
    assert all(change.cell == "cell" for change in differences)
    return [(change.kind, change.requirement, change.what) for change in differences]


def write(folder: Path, *results: CellResult) -> Path:
    """A matrix's folder."""
    for each in results:
        place = folder / "cells" / each.id
        place.mkdir(parents=True)
        write_cell_result(place, each)
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
    differences = differ(result(ONE_1=old, ONE_2="verified"), result(ONE_1=new, ONE_2="verified"))
    assert differences == [(kind, "ONE-1", f"{old} → {new}")]


def test_a_requirement_that_only_one_has_is_new_or_gone() -> None:
    assert differ(result(), result(ONE_1="violated")) == [("new", "ONE-1", "new: violated")]
    assert differ(result(ONE_1="verified"), result()) == [
        ("gone", "ONE-1", "gone; before: verified")
    ]


def test_a_cell_that_lost_its_verdicts_has_regressed() -> None:
    differences = differ(result(ONE_1="verified"), result(state="timed out"))
    assert differences == [("regressions", "", "the cell has no verdicts any more: timed out")]


def test_a_cell_that_got_verdicts_has_improved() -> None:
    differences = differ(result(state="not installed"), result(ONE_1="violated"))
    assert differences == [("improvements", "", "the cell has verdicts; before: not installed")]


def test_a_cell_that_only_one_matrix_has_is_new_or_gone() -> None:
    assert differ(None, result()) == [("new", "", "the cell is new")]
    assert differ(result(ONE_1="verified"), None) == [("gone", "", "the cell is gone")]


def test_equal_matrices_differ_in_nothing() -> None:
    assert differ(result(ONE_1="violated"), result(ONE_1="violated")) == []
    assert differ(result(state="crashed"), result(state="crashed")) == []


def test_the_worst_comes_first() -> None:
    old = {"a": result(), "b": result(ONE_1="violated"), "c": result(ONE_1="verified")}
    new = {"b": result(ONE_1="verified"), "c": result(ONE_1="violated"), "d": result()}
    assert [(change.kind, change.cell) for change in changes(old, new)] == [
        ("regressions", "c"),
        ("improvements", "b"),
        ("new", "d"),
        ("gone", "a"),
    ]
    assert isinstance(changes(old, new)[0], Change)


# The command.


def test_nothing_worse_is_a_success(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = write(tmp_path / "old", result(ONE_1="violated"))
    new = write(tmp_path / "new", result(ONE_1="verified"), result("some@2.0", ONE_1="violated"))
    assert typed("compare", str(old), str(new)) == OK
    assert capsys.readouterr().out == (
        "improvements:\n  ONE-1 violated → verified\n    some@1.0-background-thread-wire\n"
        "new:\n  the cell is new\n    some@2.0-background-thread-wire\n"
    )
    assert typed("compare", str(old), str(old)) == OK
    assert capsys.readouterr().out == "nothing changed\n"


def test_something_worse_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cells = [result("some@1.0", ONE_1="verified"), result("some@2.0", ONE_1="verified")]
    old = write(tmp_path / "old", *cells)
    new = write(tmp_path / "new", *(result(each.cell.release, ONE_1="violated") for each in cells))
    assert typed("compare", str(old), str(new)) == REGRESSED
    assert capsys.readouterr().out == (
        "regressions:\n  ONE-1 verified → violated\n"
        "    some@1.0-background-thread-wire\n    some@2.0-background-thread-wire\n"
    )


def test_two_releases_of_one_matrix_are_compared_cell_by_cell(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cells = [result("some@1.0", ONE_1="verified"), result("some@2.0", ONE_1="violated")]
    matrix = str(write(tmp_path, *cells))
    assert typed("compare", matrix, "--releases", "some@1.0", "some@2.0") == REGRESSED
    assert "  ONE-1 verified → violated\n    background-thread-wire\n" in capsys.readouterr().out
    assert typed("compare", matrix, "--releases", "some@2.0", "some@1.0") == OK


def test_a_published_report_is_a_matrix_too(tmp_path: Path) -> None:
    violated = {"RESULT-9": "", "RUN-1": "a-known-deviation"}
    lost = CellResult(CellSpec("some@2.0", "background", "thread"), CellState.CRASHED)
    folder = write_matrix(tmp_path, [cell("some@1.0", violated=violated)], [lost])
    report = build(folder).parent
    (tmp_path / "cells").rename(tmp_path / "away")
    assert read_matrix(tmp_path) == read_matrix(report) == read_matrix(report / "matrix.json")
    published = read_matrix(report)
    assert published[lost.id].state == CellState.CRASHED
    assert published[lost.id].verdicts == {}
    [ran] = [each for each in published.values() if each.ran]
    assert {ran.verdicts[id] for id in violated} == {Verdict.VIOLATED}
    assert ran.verdicts["BG-1"] == Verdict.VERIFIED


def test_a_file_of_another_version_raises_and_says_where_it_differs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(tmp_path / "new", result(ONE_1="verified"))
    [file] = folder.glob("cells/*/cell.json")
    older = {**json.loads(file.read_text()), "asked": "some@1.0"}
    file.write_text(json.dumps(older))
    assert typed("compare", str(folder), str(folder)) == BAD_USAGE
    message = "does not have the form of this version of callback-conformance: asked is unknown"
    assert f"{file} {message}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["{there}"], "name two matrices, or one and two of its releases: --releases OLD NEW"),
        (["{there}", "{empty}"], "{empty} holds no matrix: expected the folder of a run"),
        (["{there}", "{broken}"], "{broken} does not have the form of this version of callback-conformance: schema_version is missing"),
        (["{there}", "--releases", "some@1.0", "some@9"], "the matrix has no cell of 'some@9'; choose from some@1.0"),
    ],
)  # fmt: skip
def test_bad_usage_raises(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], message: str
) -> None:
    places = {name: str(tmp_path / name) for name in ("there", "empty", "broken")}
    write(tmp_path / "there", result(ONE_1="verified"))
    (tmp_path / "empty").mkdir()
    (tmp_path / "broken").write_text('{"cells": [{}]}')
    assert typed("compare", *(word.format(**places) for word in words)) == BAD_USAGE
    assert message.format(**places) in capsys.readouterr().err


def test_unknown_arguments_are_bad_usage() -> None:
    assert typed("compare") == BAD_USAGE
