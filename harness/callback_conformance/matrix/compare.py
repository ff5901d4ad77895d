"""What changed between two matrices, or between two releases in one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from callback_conformance.matrix.record import NoMatrix, Record, State, read_records

VERIFIED, VIOLATED, UNDECIDED = "verified", "violated", "not decided"
REGRESSION, IMPROVEMENT = "regressions", "improvements"
OTHER, NEW, GONE = "other changes", "new", "gone"
KINDS = (REGRESSION, IMPROVEMENT, OTHER, NEW, GONE)


@dataclass(frozen=True)
class Change:
    """One thing that differs in a cell; ``requirement`` is empty where the cell as a whole does."""

    kind: str
    cell: str
    requirement: str
    what: str


def read_matrix(path: Path) -> dict[str, Record]:
    """The records of a matrix, by cell: the folder of a run, or the ``matrix.json`` of its report, or a folder
    that holds one. Raises NoMatrix."""
    published = [path, path / "matrix.json", path / "report" / "matrix.json"]
    found = read_records(path / "cells")
    for file in (one for one in published if not found and one.is_file()):
        found = {record.id: record for record in _published(file)}
    if not found:
        raise NoMatrix(
            f"{path} holds no matrix: expected the folder of a run, with cells/ID/cell.json, or a matrix.json"
        )
    return found


def _published(file: Path) -> Iterator[Record]:
    """A report tells known violations from new ones; here both are violations."""
    try:
        for cell in json.loads(file.read_text(encoding="utf-8"))["cells"]:
            state = State(cell["state"])
            verdicts = {id: one.partition(",")[0] for id, one in cell["verdicts"].items()}
            yield Record(
                **{name: cell[name] for name in ("asked", "dialect", "backend", "driver")},
                state=state,
                reason=cell["reason"] or "",
                seconds=cell["seconds"] or 0,
                command=cell["command"] or "",
                verdicts=verdicts if state == State.RAN else {},
            )
    except (ValueError, TypeError, LookupError) as error:
        raise NoMatrix(f"{file} is no matrix.json of a report: {error!r}") from error


def of_release(records: Mapping[str, Record], asked: str) -> dict[str, Record]:
    """The records of one release, by what else they are. Raises NoMatrix when there is none."""
    found = {
        "-".join((one.dialect, one.backend, one.driver)): one
        for one in records.values()
        if one.asked == asked
    }
    if not found:
        there = ", ".join(sorted({one.asked for one in records.values()}))
        raise NoMatrix(f"no cell of {asked!r} is in the matrix; there are {there}")
    return found


def changes(old: Mapping[str, Record], new: Mapping[str, Record]) -> list[Change]:
    """All that differs, the worst first."""
    found = [
        change
        for name in sorted({*old, *new})
        for change in _cell(name, old.get(name), new.get(name))
    ]
    return sorted(found, key=lambda one: KINDS.index(one.kind))


def _cell(name: str, old: Record | None, new: Record | None) -> Iterator[Change]:
    if old is None:
        yield Change(NEW, name, "", "the cell is new")
    elif new is None:
        yield Change(GONE, name, "", "the cell is gone")
    elif old.ran and not new.ran:
        yield Change(REGRESSION, name, "", f"the cell has no verdicts any more: {new.state}")
    elif new.ran and not old.ran:
        yield Change(IMPROVEMENT, name, "", f"the cell has verdicts; before: {old.state}")
    elif old.state != new.state:
        yield Change(OTHER, name, "", f"{old.state} → {new.state}")
    else:
        for id in sorted({*old.verdicts, *new.verdicts}):
            yield from _requirement(name, id, old.verdicts.get(id), new.verdicts.get(id))


def _requirement(cell: str, id: str, old: str | None, new: str | None) -> Iterator[Change]:
    if old is None:
        yield Change(NEW, cell, id, f"new: {new}")
    elif new is None:
        yield Change(GONE, cell, id, f"gone; before: {old}")
    elif old != new:
        yield Change(_kind(old, new), cell, id, f"{old} → {new}")


def _kind(old: str, new: str) -> str:
    if old == VERIFIED and new in (VIOLATED, UNDECIDED):
        return REGRESSION
    if new == VERIFIED and old in (VIOLATED, UNDECIDED):
        return IMPROVEMENT
    return OTHER


def regressed(found: list[Change]) -> bool:
    """True when something is worse than it was."""
    return any(change.kind == REGRESSION for change in found)


def told(found: list[Change]) -> Iterator[str]:
    """The changes, by kind; what is the same in many cells stands there once."""
    if not found:
        yield "nothing changed"
    for kind, several in groupby(found, key=lambda one: one.kind):
        alike: dict[tuple[str, str], list[str]] = {}
        for one in several:
            alike.setdefault((one.requirement, one.what), []).append(one.cell)
        yield f"{kind}:"
        for (id, what), cells in alike.items():
            yield f"  {f'{id} ' if id else ''}{what}"
            yield from (f"    {cell}" for cell in cells)
