"""What each command does, from its arguments to its exit status."""

from __future__ import annotations

import argparse
import contextlib
import shutil
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import FrameType

from callback_conformance.matrix import compare as comparing
from callback_conformance.matrix.plan import BadMatrix, Plan, chosen, read_plan
from callback_conformance.matrix.progress import display
from callback_conformance.matrix.record import Record, read_records
from callback_conformance.matrix.run import Job, Runner
from callback_conformance.matrix.table import table
from callback_conformance.matrix.verify import beside_the_suite, drawn, pinned, to_verify
from callback_conformance.report import build

OK, REGRESSED, NOT_AS_RECORDED = 0, 1, 3
PREVIOUS = "previous"  # the cells as they were before the run
GONE = "gone"  # the cells that the file does not list any more
UNFINISHED = "unfinished"  # stands there until a run has come to its end


def run(asked: argparse.Namespace) -> int:
    """Run, tell the verdicts and what changed since the last run."""
    plan = _plan(asked)
    cells = chosen(plan.cells, asked.only)
    if asked.list:
        print("\n".join(cell.id for cell in cells))
        return OK
    folder: Path = asked.out.absolute()
    _set_aside(folder)
    if not asked.only:
        _forget_others(folder, plan)
    records = _ran(Job(plan, cells, folder, asked.suite.absolute(), asked.words, asked.again))
    print("\n".join(table(records)))
    changed = _since(folder)
    (folder / UNFINISHED).unlink()
    build(folder)
    if comparing.regressed(changed):
        return REGRESSED
    return OK if all(record.as_recorded for record in records) else NOT_AS_RECORDED


def compare(asked: argparse.Namespace) -> int:
    """Tell what changed between two matrices, or two releases."""
    old = comparing.read_matrix(asked.old)
    new = comparing.read_matrix(asked.new) if asked.new else old
    if asked.releases:
        before, after = asked.releases
        old, new = comparing.of_release(old, before), comparing.of_release(new, after)
    elif not asked.new:
        raise BadMatrix("name two matrices, or one and two of its releases: --releases OLD NEW")
    found = comparing.changes(old, new)
    print("\n".join(comparing.told(found)))
    return REGRESSED if comparing.regressed(found) else OK


def verify(asked: argparse.Namespace) -> int:
    """Run cells of a matrix again, with the versions that it recorded, and tell what differs."""
    records = read_records(asked.folder / "cells")
    cells = drawn(chosen(to_verify(records), asked.only), asked.sample, asked.seed)
    old = {cell.id: records[cell.id] for cell in cells}
    if strange := beside_the_suite(old):
        print(*strange, "with these versions nothing can be verified: install those", sep="\n")
        return REGRESSED
    folder: Path = asked.folder.absolute() / "verified"
    shutil.rmtree(folder, ignore_errors=True)
    job = Job(_plan(asked), cells, folder, asked.suite.absolute(), asked.words, pinned=pinned(old))
    new = {record.id: record for record in _ran(job)}
    found = comparing.changes(old, new)
    print(
        f"{len(cells)} of {len(records)} cells (--seed={asked.seed}):",
        *comparing.told(found),
        sep="\n",
    )
    return REGRESSED if found else OK


def _plan(asked: argparse.Namespace) -> Plan:
    plan = read_plan(asked.matrix)
    if asked.jobs is None:
        return plan
    if asked.jobs < 1:
        raise BadMatrix(f"--jobs is {asked.jobs}; expected a whole number from 1")
    return replace(plan, at_once=asked.jobs)


def _ran(job: Job) -> list[Record]:
    shown = display()
    try:
        with _terminated_as_interrupted():
            return Runner(job, shown).run()
    finally:
        shown.close()
        shutil.rmtree(job.folder / "running", ignore_errors=True)


@contextlib.contextmanager
def _terminated_as_interrupted() -> Iterator[None]:
    """A job that is cancelled in CI gets SIGTERM: end as orderly as after Ctrl-C."""

    def interrupted(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupted)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _set_aside(folder: Path) -> None:
    """Keep the last run's result beside the new one, also while this run is interrupted and taken up again."""
    unfinished = folder / UNFINISHED
    if unfinished.exists():
        return
    shutil.rmtree(folder / PREVIOUS, ignore_errors=True)
    for file in ("cell.json", "report.json"):
        for found in (folder / "cells").glob(f"*/{file}"):
            kept = folder / PREVIOUS / found.parent.name / file
            kept.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(found, kept)
    folder.mkdir(parents=True, exist_ok=True)
    unfinished.touch()


def _forget_others(folder: Path, plan: Plan) -> None:
    """A cell that the file no longer lists is no part of the matrix. It is moved away, not deleted: it may have
    taken half an hour, and the file may be another one by mistake."""
    listed = {cell.id for cell in plan.cells}
    for there in (folder / "cells").glob("*"):
        if there.name not in listed:
            away = folder / GONE / there.name
            shutil.rmtree(away, ignore_errors=True)
            away.parent.mkdir(exist_ok=True)
            there.rename(away)


def _since(folder: Path) -> list[comparing.Change]:
    before = read_records(folder / PREVIOUS)
    if not before:
        return []
    found = comparing.changes(before, read_records(folder / "cells"))
    print("since the last run:", *comparing.told(found), sep="\n")
    return found
