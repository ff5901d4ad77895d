"""A matrix that several machines share: each cell is one machine's, and what they leave is merged."""

from __future__ import annotations

from pathlib import Path

import pytest

from callback_conformance.matrix.plan import BadMatrix
from callback_conformance.matrix.shards import Shard
from callback_conformance.results.cell import CellSpec
from tests.command import typed
from tests.matrix import RUN, SCRIPTED, Matrix
from tests.reports import cell, write_matrix
from tests.tiny import VIOLATED, three

pytest_plugins = ["pytester"]

OK, REGRESSED, BAD_USAGE, NOT_AS_RECORDED = 0, 1, 2, 3
CELLS = [CellSpec(f"some@{number}", "background", "thread") for number in range(11)]
FOUR_CELLS = f'[[cells]]\nimplementation = "{SCRIPTED}"\n'  # two dialects on two backends


def contents(folder: Path) -> dict[str, bytes]:
    """All files below a folder."""
    files = (file for file in folder.rglob("*") if file.is_file())
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}


@pytest.mark.parametrize("count", [1, 4, 11])
def test_each_cell_is_in_one_shard(count: int) -> None:
    shards = [Shard(number, count).of(CELLS) for number in range(1, count + 1)]
    assert sorted(each for shard in shards for each in shard) == sorted(CELLS)
    lengths = {len(shard) for shard in shards}
    assert max(lengths) - min(lengths) <= 1


def test_a_shard_without_a_cell_raises() -> None:
    with pytest.raises(BadMatrix, match=r"shard 12/12 is empty: cells: 11"):
        Shard(12, 12).of(CELLS)


def test_four_shards_merged_are_what_one_run_leaves(
    matrix: Matrix, capsys: pytest.CaptureFixture[str]
) -> None:
    file = matrix.tiny.folder / "matrix.toml"
    file.write_text(RUN.format(seconds=60) + FOUR_CELLS)
    matrix.tiny.write(three(fourth=VIOLATED))  # which both dialects have
    shards = [matrix.tiny.folder / f"shard-{number}" for number in (1, 2, 3, 4)]
    for number, shard in enumerate(shards, 1):
        words = ["matrix", "--out", str(shard), "--shard", f"{number}/4"]
        assert typed(*matrix.words(*words)) == NOT_AS_RECORDED
        assert len(list(shard.glob("cells/*"))) == 1
    merged, reversed_folder = matrix.tiny.folder / "merged", matrix.tiny.folder / "reversed"
    for order, folder in ((shards, merged), (shards[::-1], reversed_folder)):
        named = [str(shard) for shard in order]
        assert (
            typed("merge", *named, "--out", str(folder), "--matrix", str(file)) == NOT_AS_RECORDED
        )
    as_merged = contents(merged)
    assert as_merged == contents(reversed_folder)
    assert len(list(merged.glob("cells/*"))) == 4
    capsys.readouterr()
    # One run takes each of these results over, and builds the report from them.
    assert typed(*matrix.words("matrix", "--out", str(merged))) == NOT_AS_RECORDED
    assert "cells: 4; with a result that still holds: 4" in capsys.readouterr().out
    whole = contents(merged)
    assert {name: whole[name] for name in as_merged} == as_merged


# What one merge is told after another, and what cannot be merged: of made-up runs.


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    """A matrix of two cells."""
    file = tmp_path / "matrix.toml"
    versions = '[[cells]]\nimplementation = "dash"\nversions = ["4.4.1", "4.3.0"]\n'
    file.write_text(RUN.format(seconds=60) + versions + 'backends = ["diskcache"]\n')
    return file


def test_a_merge_says_what_changed_since_the_last_one(
    tmp_path: Path, listed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = ["--out", str(tmp_path / "out"), "--matrix", str(listed)]
    newer = str(write_matrix(tmp_path / "newer", [cell("dash@4.4.1")]))
    older = str(write_matrix(tmp_path / "older", [cell("dash@4.3.0")]))
    worse = str(write_matrix(tmp_path / "worse", [cell("dash@4.3.0", violated={"RUN-1": ""})]))
    typed("merge", newer, older, *out)
    capsys.readouterr()
    assert typed("merge", newer, worse, *out) == REGRESSED
    assert "regressions:\n  RUN-1 verified → violated\n" in capsys.readouterr().out


def test_a_cell_that_no_shard_has_is_named(
    tmp_path: Path, listed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    newer = str(write_matrix(tmp_path / "newer", [cell("dash@4.4.1")]))
    out = ["--out", str(tmp_path / "out"), "--matrix", str(listed)]
    assert typed("merge", newer, *out) == NOT_AS_RECORDED
    assert "in no shard:\n    dash@4.3.0-background-diskcache-wire\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("shards", "out", "message"),
    [
        (["full", "empty"], "out", "{folder}/empty holds no cells"),
        (["full", "same"], "out", "-wire is both in {folder}/full and in {folder}/same"),
        (["full", "full"], "out", "-wire is both in {folder}/full and in {folder}/full"),
        (["full"], "full", "{folder}/full is a shard itself"),
    ],
)
def test_what_cannot_be_merged_is_told_and_nothing_is_written(
    tmp_path: Path,
    listed: Path,
    capsys: pytest.CaptureFixture[str],
    shards: list[str],
    out: str,
    message: str,
) -> None:
    for name in ("full", "same"):
        write_matrix(tmp_path / name, [cell("dash@4.4.1")])
    (tmp_path / "empty").mkdir()
    before = contents(tmp_path)
    named = [str(tmp_path / name) for name in shards]
    words = ["--out", str(tmp_path / out), "--matrix", str(listed)]
    assert typed("merge", *named, *words) == BAD_USAGE
    assert message.format(folder=tmp_path) in capsys.readouterr().err
    assert contents(tmp_path) == before
