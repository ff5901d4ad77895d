"""Runs cells, several at once, each as one pytest in a process of its own, and keeps what they leave.

A cell runs in ``FOLDER/running`` and is moved to ``FOLDER/cells`` when it has ended, so that what lies there
is whole whenever the run is interrupted.
"""

from __future__ import annotations

import shlex
import shutil
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path

from callback_conformance.entry_point import PLUGIN
from callback_conformance.matrix.environments import Environments, Prepared
from callback_conformance.matrix.fingerprint import fingerprint, suite_hash
from callback_conformance.matrix.plan import Plan, Planned
from callback_conformance.matrix.processes import Ended, Processes
from callback_conformance.matrix.progress import Display
from callback_conformance.matrix.record import (
    NoMatrix,
    Record,
    State,
    read_record,
    read_verdicts,
    write_record,
)
from callback_conformance.places import SUITE

OUTPUT = "output.txt"  # all that a cell's processes print
LOOK_SECONDS = 0.5  # between two looks at how far the cells are
REASON_LINES = 12


@dataclass(frozen=True)
class Job:
    """What is to be done: ``cells`` of a plan, by the tests in ``suite``, with further ``words`` for pytest;
    ``again`` runs also those that have a result. ``pinned`` are the versions that the environments of some
    releases shall hold; without, each holds what pip's resolver finds."""

    plan: Plan
    cells: Sequence[Planned]
    folder: Path
    suite: Path
    words: Sequence[str] = ()
    again: bool = False
    pinned: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def options(self) -> tuple[str, ...]:
        """What pytest is told beside the cell."""
        return ("-q", "-n", str(self.plan.workers), "-p", "no:cacheprovider", *self.words)


class Runner:
    """Runs a job."""

    def __init__(self, job: Job, display: Display) -> None:
        self._job = job
        self._display = display
        self._processes = Processes()
        self._suite = suite_hash(job.suite)
        asked = {cell.asked for cell in job.cells}
        limit = job.plan.environment_seconds
        self._environments = Environments(self._processes, limit, job.pinned, asked)

    def run(self) -> list[Record]:
        """Run what has no result yet. Raises KeyboardInterrupt, when all processes have ended."""
        todo, done = [], []
        for cell in self._job.cells:
            kept = None if self._job.again else self._kept(cell)
            todo.append(cell) if kept is None else done.append(kept)
        self._display.begins(len(self._job.cells), done)
        with ThreadPoolExecutor(self._job.plan.at_once) as pool:
            try:
                done += self._run_all(self._longest_first(todo), pool)
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                self._processes.stop()
                raise
        return done

    def _run_all(self, todo: list[Planned], pool: ThreadPoolExecutor) -> Iterator[Record]:
        running: dict[Future[Record], Planned] = {}
        while todo or running:
            while todo and len(running) < self._job.plan.at_once:
                cell = next_of(todo, running.values())
                todo.remove(cell)
                running[pool.submit(self._run, cell)] = cell
            ended, _ = wait(running, LOOK_SECONDS, FIRST_COMPLETED)
            self._display.looks()
            for one in ended:
                del running[one]
                self._display.ended(one.result())
                yield one.result()

    def _kept(self, cell: Planned) -> Record | None:
        """Its result, if it still holds; what could not be installed, or started, is tried again."""
        record = self._earlier(cell)
        if record is None or record.state in (State.NOT_INSTALLED, State.CRASHED):
            return None
        return record if record.fingerprint == self._fingerprint(cell) else None

    def _earlier(self, cell: Planned) -> Record | None:
        try:
            return read_record(self._job.folder / "cells" / cell.id)
        except NoMatrix:
            return None

    def _longest_first(self, cells: Sequence[Planned]) -> list[Planned]:
        """So that no long one is left when all others are done. One of unknown length comes first."""
        earlier = {cell: self._earlier(cell) for cell in cells}
        return sorted(cells, key=lambda cell: -one.seconds if (one := earlier[cell]) else -1e9)

    def _fingerprint(self, cell: Planned) -> str:
        return fingerprint(cell, self._suite, self._job.words)

    def _run(self, cell: Planned) -> Record:
        place = self._job.folder / "running" / cell.id
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        self._display.starts(cell, place / OUTPUT)
        record = self._judged(cell, place)
        if self._processes.stopped:
            raise InterruptedError(f"{cell.id} has been interrupted")
        write_record(place, record)
        final = self._job.folder / "cells" / cell.id
        shutil.rmtree(final, ignore_errors=True)
        final.parent.mkdir(parents=True, exist_ok=True)
        place.rename(final)
        return record

    def _judged(self, cell: Planned, place: Path) -> Record:
        prepared = self._environments.of(cell, place)
        words = ["pytest", *_plugin(self._job.suite), str(self._job.suite)]
        words += [*cell.options, *self._job.options]
        ended = None
        if prepared.made:
            argv = [sys.executable, "-m", *words, f"--report={place}"]
            limit = self._job.plan.cell_seconds
            ended = self._processes.run(argv, place / OUTPUT, limit, prepared.variables)
        state, reason = _state(prepared, ended, place, self._job.plan)
        if state != State.RAN:  # half a report would be taken for a whole one
            (place / "report.json").unlink(missing_ok=True)
        return Record(
            asked=cell.asked,
            dialect=cell.dialect,
            backend=cell.backend,
            driver=cell.driver,
            state=state,
            reason=reason,
            seconds=round(ended.seconds, 1) if ended else 0,
            cpu_seconds=round(ended.cpu_seconds, 1) if ended else 0,
            environment_seconds=round(prepared.seconds, 1),
            command=shlex.join(words),
            status=ended.status if ended else None,
            fingerprint=self._fingerprint(cell),
            installed=prepared.installed,
            verdicts=read_verdicts(place) if state == State.RAN else {},
        )


def next_of(todo: Sequence[Planned], running: Iterable[Planned]) -> Planned:
    """The first of the implementation of which the fewest run: the cells of one wait, those of another work, so
    that together they leave no processor idle and overload none."""
    there = Counter(cell.implementation for cell in running)
    return min(todo, key=lambda cell: there[cell.implementation])


def _plugin(suite: Path) -> Sequence[str]:
    """Our own suite brings its plugin along; another one has to name it."""
    return () if suite.resolve() == SUITE else ("-p", PLUGIN)


def _state(prepared: Prepared, ended: Ended | None, place: Path, plan: Plan) -> tuple[State, str]:
    if ended is None:
        return State.NOT_INSTALLED, prepared.reason
    if ended.too_long:
        return State.TIMED_OUT, f"it did not end within {plan.cell_seconds} s"
    if ended.status in (0, 1) and (place / "report.json").exists():
        return State.RAN, ""
    said = (place / OUTPUT).read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return State.CRASHED, "\n".join(
        [f"pytest ended with status {ended.status}:", *said[-REASON_LINES:]]
    )
