"""What changed between two matrices, or between two releases in one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from pathlib import Path

from callback_conformance.results.cell_file import CellResult, read_cell_results
from callback_conformance.results.json_file import BadFile
from callback_conformance.results.matrix_file import NAME, read_matrix_report
from callback_conformance.results.verdict import Verdict

FAILING = (Verdict.VIOLATED, Verdict.NOT_DECIDED)


class NoMatrix(BadFile):
    """A folder or file holds no matrix; the message says what was expected there."""


class ChangeKind(StrEnum):
    """What a change means, the worst first."""

    REGRESSION = "regressions"
    IMPROVEMENT = "improvements"
    OTHER = "other changes"
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True)
class Change:
    """A difference in one cell."""

    kind: ChangeKind
    cell: str
    #: Empty where the cell as a whole differs.
    requirement: str
    what: str


def read_matrix(path: Path) -> dict[str, CellResult]:
    """The results of a matrix, by cell: the folder of a run, or the ``matrix.json`` of its report, or a folder
    that holds one. Raises BadFile."""
    if results := read_cell_results(path / "cells"):
        return results
    for file in (path, path / NAME, path / "report" / NAME):
        if file.is_file():
            return {cell.id: cell.result for cell in read_matrix_report(file).cells}
    raise NoMatrix(
        f"{path} holds no matrix: expected the folder of a run, with cells/ID/cell.json, or a {NAME}"
    )


def of_release(results: Mapping[str, CellResult], release: str) -> dict[str, CellResult]:
    """The results of one release, by their variant. Raises NoMatrix when there is none."""
    variants = {
        result.cell.variant: result for result in results.values() if result.cell.release == release
    }
    if not variants:
        releases = ", ".join(sorted({result.cell.release for result in results.values()}))
        raise NoMatrix(f"the matrix has no cell of {release!r}; choose from {releases}")
    return variants


def changes(old: Mapping[str, CellResult], new: Mapping[str, CellResult]) -> list[Change]:
    """All that differs, the worst first."""
    differences = [
        change
        for name in sorted({*old, *new})
        for change in _cell(name, old.get(name), new.get(name))
    ]
    order = list(ChangeKind)
    return sorted(differences, key=lambda change: order.index(change.kind))


def _cell(name: str, old: CellResult | None, new: CellResult | None) -> Iterator[Change]:
    if new is None:
        yield Change(ChangeKind.GONE, name, "", "the cell is gone")
    elif old is None:
        yield Change(ChangeKind.NEW, name, "", "the cell is new")
    elif old.ran and not new.ran:
        what = f"the cell has no verdicts any more: {new.state}"
        yield Change(ChangeKind.REGRESSION, name, "", what)
    elif new.ran and not old.ran:
        yield Change(
            ChangeKind.IMPROVEMENT, name, "", f"the cell has verdicts; before: {old.state}"
        )
    elif old.state != new.state:
        yield Change(ChangeKind.OTHER, name, "", f"{old.state} → {new.state}")
    else:
        for id in sorted({*old.verdicts, *new.verdicts}):
            yield from _requirement(name, id, old.verdicts.get(id), new.verdicts.get(id))


def _requirement(cell: str, id: str, old: Verdict | None, new: Verdict | None) -> Iterator[Change]:
    if new is None:
        yield Change(ChangeKind.GONE, cell, id, f"gone; before: {old}")
    elif old is None:
        yield Change(ChangeKind.NEW, cell, id, f"new: {new}")
    elif old != new:
        yield Change(_kind(old, new), cell, id, f"{old} → {new}")


def _kind(old: Verdict, new: Verdict) -> ChangeKind:
    if old == Verdict.VERIFIED and new in FAILING:
        return ChangeKind.REGRESSION
    if new == Verdict.VERIFIED and old in FAILING:
        return ChangeKind.IMPROVEMENT
    return ChangeKind.OTHER


def regressed(differences: Sequence[Change]) -> bool:
    """True when something is worse than before."""
    return any(change.kind == ChangeKind.REGRESSION for change in differences)


def change_lines(differences: Sequence[Change]) -> Iterator[str]:
    """The changes as text, by kind; one that occurs in many cells is written once."""
    if not differences:
        yield "nothing changed"
    for kind, of_kind in groupby(differences, key=lambda change: change.kind):
        cells: dict[tuple[str, str], list[str]] = {}
        for change in of_kind:
            cells.setdefault((change.requirement, change.what), []).append(change.cell)
        yield f"{kind}:"
        for (id, what), ids in cells.items():
            yield f"  {f'{id} ' if id else ''}{what}"
            yield from (f"    {cell}" for cell in ids)
