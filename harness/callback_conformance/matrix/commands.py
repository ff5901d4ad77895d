"""What each command does, from its arguments to its exit status."""

from __future__ import annotations

import contextlib
import shutil
import signal
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from callback_conformance.matrix import compare as comparing
from callback_conformance.matrix.plan import BadMatrix, Plan, chosen, read_plan
from callback_conformance.matrix.progress import Display, Lines
from callback_conformance.matrix.run import MatrixRun, Runner
from callback_conformance.matrix.shards import Shard, cells_of_shards
from callback_conformance.matrix.table import table
from callback_conformance.matrix.verify import beside_the_suite, drawn, pinned, to_verify
from callback_conformance.report import build
from callback_conformance.results.cell import CellSpec
from callback_conformance.results.cell_file import CellResult, read_cell_results

OK, REGRESSED, NOT_AS_RECORDED = 0, 1, 3
PREVIOUS = "previous"  # the cells as they were before the run
GONE = "gone"  # the cells that the file does not list any more
UNFINISHED = "unfinished"  # stands there until a run has come to its end


@dataclass(frozen=True)
class Selection:
    """Which cells run, and how."""

    #: The file that lists the cells.
    file: Path
    #: What each of the cells must match; none for all of them.
    words: Sequence[str]
    #: How many run at once; None for what the file says.
    at_once: int | None
    #: The folder with the tests.
    suite: Path
    #: Further words for pytest.
    pytest_words: Sequence[str]
    #: Which part of the cells this machine runs; None for all of them.
    shard: Shard | None = None

    def plan(self) -> Plan:
        """What the file says. Raises BadMatrix."""
        plan = read_plan(self.file)
        return replace(plan, at_once=self.at_once) if self.at_once else plan

    def cells(self, plan: Plan) -> list[CellSpec]:
        """Those of ``plan`` that run. Raises BadMatrix."""
        cells = chosen(plan.cells, self.words)
        return self.shard.of(cells) if self.shard else cells

    @property
    def whole(self) -> bool:
        """True when every cell of the file runs."""
        return not self.words and not self.shard


def list_cells(selection: Selection) -> int:
    """Name the cells, and run none."""
    for cell in selection.cells(selection.plan()):
        print(cell.id)
    return OK


def run(selection: Selection, out: Path, again: bool) -> int:
    """Run cells, print their verdicts and what changed since the last run, and build the report. Raises
    BadMatrix, BadFile."""
    plan = selection.plan()
    cells = selection.cells(plan)
    folder = out.absolute()
    read_cell_results(folder / "cells")  # before anything is moved: one of another version stays
    _set_aside(folder)
    if selection.whole:
        _forget_others(folder, plan)
    suite, pytest_words = selection.suite.absolute(), selection.pytest_words
    return _conclude(folder, _ran(MatrixRun(plan, cells, folder, suite, pytest_words, again)))


def merge(file: Path, shards: Sequence[Path], out: Path) -> int:
    """Bring the cells that several machines have run into one matrix, as if one had run them all. Raises
    BadMatrix, BadFile."""
    plan = read_plan(file)
    folder = out.absolute()
    cells = cells_of_shards(shards, folder)
    read_cell_results(folder / "cells")
    _set_aside(folder)
    shutil.rmtree(folder / "cells", ignore_errors=True)
    for id, cell_folder in cells.items():
        shutil.copytree(cell_folder, folder / "cells" / id)
    status = _conclude(folder, list(read_cell_results(folder / "cells").values()))
    missing = [cell.id for cell in plan.cells if cell.id not in cells]
    if missing:
        print("in no shard:", *missing, sep="\n    ")
    return NOT_AS_RECORDED if missing and status == OK else status


def _conclude(folder: Path, records: Sequence[CellResult]) -> int:
    """Print the verdicts of the cells and what changed since the last run, and build the report."""
    print("\n".join(table(records)))
    changed = _since(folder)
    (folder / UNFINISHED).unlink()
    print(f"building the pages of {len(read_cell_results(folder / 'cells'))} cells …", flush=True)
    print(f"report: {build(folder)}")
    if comparing.regressed(changed):
        return REGRESSED
    return OK if all(record.as_recorded for record in records) else NOT_AS_RECORDED


def compare(old_path: Path, new_path: Path | None, releases: tuple[str, str] | None) -> int:
    """Print what changed between two matrices, or two releases. Raises BadMatrix, BadFile."""
    if not new_path and not releases:
        raise BadMatrix("name two matrices, or one and two of its releases: --releases OLD NEW")
    old = comparing.read_matrix(old_path)
    new = comparing.read_matrix(new_path) if new_path else old
    if releases:
        old = comparing.of_release(old, releases[0])
        new = comparing.of_release(new, releases[1])
    changes = comparing.changes(old, new)
    print("\n".join(comparing.change_lines(changes)))
    return REGRESSED if comparing.regressed(changes) else OK


def verify(selection: Selection, matrix: Path, sample: int | None, seed: int) -> int:
    """Run cells of a matrix again, with the versions that it recorded, and print what differs."""
    records = read_cell_results(matrix / "cells")
    cells = drawn(chosen(to_verify(records), selection.words), sample, seed)
    old = {cell.id: records[cell.id] for cell in cells}
    plan = selection.plan()
    if differing := beside_the_suite(old):
        print(*differing, "with these versions nothing can be verified: install those", sep="\n")
        return REGRESSED
    folder = matrix.absolute() / "verified"
    shutil.rmtree(folder, ignore_errors=True)
    suite, pytest_words = selection.suite.absolute(), selection.pytest_words
    results = _ran(MatrixRun(plan, cells, folder, suite, pytest_words, pinned=pinned(old)))
    changes = comparing.changes(old, {result.id: result for result in results})
    drawn_from = f"cells: {len(cells)} of {len(records)} (--seed={seed})"
    print(drawn_from, *comparing.change_lines(changes), sep="\n")
    return REGRESSED if changes else OK


def _ran(matrix_run: MatrixRun) -> list[CellResult]:
    display = _display()
    try:
        with _terminated_as_interrupted():
            return Runner(matrix_run, display).run()
    finally:
        display.close()
        shutil.rmtree(matrix_run.folder / "running", ignore_errors=True)


def _display() -> Display:
    """Bars on a terminal where rich is installed (the extra ``matrix``), else lines."""
    with contextlib.suppress(ImportError):
        if sys.stdout.isatty():
            from callback_conformance.matrix.bars import Bars

            return Bars()
    return Lines()


@contextlib.contextmanager
def _terminated_as_interrupted() -> Iterator[None]:
    """A job that is cancelled in CI gets SIGTERM: end as orderly as after Ctrl-C. A shell lets what it starts in the
    background ignore SIGINT, by which the matrix ends a cell: what inherits that could not clean up."""
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(number, signal.default_int_handler) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def _set_aside(folder: Path) -> None:
    """Keep the last run's result beside the new one, also while this run is interrupted and taken up again."""
    unfinished = folder / UNFINISHED
    if unfinished.exists():
        return
    shutil.rmtree(folder / PREVIOUS, ignore_errors=True)
    for file in (folder / "cells").glob("*/cell.json"):
        kept = folder / PREVIOUS / file.parent.name / file.name
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, kept)
    folder.mkdir(parents=True, exist_ok=True)
    unfinished.touch()


def _forget_others(folder: Path, plan: Plan) -> None:
    """A cell that the file no longer lists is no part of the matrix. It is moved away, not deleted: it may have
    taken half an hour, and the file may be another one by mistake."""
    listed = {cell.id for cell in plan.cells}
    for cell in (folder / "cells").glob("*"):
        if cell.name not in listed:
            gone = folder / GONE / cell.name
            shutil.rmtree(gone, ignore_errors=True)
            gone.parent.mkdir(exist_ok=True)
            cell.rename(gone)


def _since(folder: Path) -> list[comparing.Change]:
    before = read_cell_results(folder / PREVIOUS)
    if not before:
        return []
    now = read_cell_results(folder / "cells")
    first = now.keys() - before.keys()  # of these, nothing has changed
    changes = comparing.changes(before, {id: now[id] for id in now if id not in first})
    print("since the last run:", *comparing.change_lines(changes), sep="\n")
    return changes
