"""Runs cells, several at once, each as one pytest in a process of its own, and keeps what they leave.

A cell runs in ``FOLDER/running`` and is moved to ``FOLDER/cells`` when it has ended, so that what lies there
is whole whenever the run is interrupted.
"""

from __future__ import annotations

import json
import shlex
import shutil
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

from harness.matrix.fingerprint import fingerprint, suite_hash
from harness.matrix.plan import Plan, Planned
from harness.matrix.processes import Ended, Processes
from harness.matrix.progress import Display
from harness.matrix.record import (
    NoMatrix,
    Record,
    State,
    read_record,
    read_verdicts,
    write_record,
)

OUTPUT = "output.txt"  # all that a cell's processes print
LOOK_SECONDS = 0.5  # between two looks at how far the cells are
REASON_LINES = 12


@dataclass(frozen=True)
class Job:
    """What is to be done: ``cells`` of a plan, by the tests in ``suite``, with further ``words`` for pytest;
    ``again`` runs also those that have a result."""

    plan: Plan
    cells: Sequence[Planned]
    folder: Path
    suite: Path
    words: Sequence[str] = ()
    again: bool = False


class Runner:
    """Runs a job."""

    def __init__(self, job: Job, display: Display) -> None:
        self._job = job
        self._display = display
        self._processes = Processes()
        self._suite = suite_hash(job.suite)
        self._environments: dict[str, tuple[threading.Lock, list[Prepared]]] = {
            cell.asked: (threading.Lock(), []) for cell in job.cells
        }

    def run(self) -> list[Record]:
        """Run what has no result yet. Raises KeyboardInterrupt, when all processes have ended."""
        todo, done = [], []
        for cell in self._job.cells:
            kept = None if self._job.again else self._kept(cell)
            todo.append(cell) if kept is None else done.append(kept)
        self._display.begins(len(self._job.cells), done)
        with ThreadPoolExecutor(self._job.plan.at_once) as pool:
            futures = [pool.submit(self._run, cell) for cell in self._longest_first(todo)]
            try:
                done += self._watched(futures)
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                self._processes.stop()
                raise
        return done

    def _watched(self, futures: Sequence[Future[Record]]) -> Iterator[Record]:
        left = set(futures)
        while left:
            ended, left = wait(left, LOOK_SECONDS, FIRST_COMPLETED)
            self._display.looks()
            for one in ended:
                self._display.ended(one.result())
                yield one.result()

    def _kept(self, cell: Planned) -> Record | None:
        """Its result, if it still holds; one that could not be installed is tried again."""
        record = self._earlier(cell)
        if record is None or record.state == State.NOT_INSTALLED:
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
        prepared = self._prepared(cell, place)
        words = [
            "pytest",
            str(self._job.suite),
            *cell.options,
            "-q",
            "-n",
            str(self._job.plan.workers),
        ]
        words += ["-p", "no:cacheprovider", *self._job.words]
        ended = None
        if prepared.made:
            argv = [sys.executable, "-m", *words, f"--report={place}"]
            ended = self._processes.run(argv, place / OUTPUT, self._job.plan.cell_seconds)
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
            installed=prepared.installed or {},
            verdicts=read_verdicts(place) if state == State.RAN else {},
        )

    def _prepared(self, cell: Planned, place: Path) -> Prepared:
        """The environment of a release, made once for all of its cells."""
        lock, there = self._environments[cell.asked]
        with lock:
            if not there:
                there.append(self._prepare(cell, place / "environment.txt"))
        return there[0]

    def _prepare(self, cell: Planned, output: Path) -> Prepared:
        words = [sys.executable, "-m", "harness.matrix.prepare", cell.asked]
        limit = self._job.plan.environment_seconds
        ended = self._processes.run(words, output, limit)
        said = output.read_text(encoding="utf-8", errors="replace")
        output.unlink()
        if ended.status == 0:
            return Prepared(ended.seconds, installed=json.loads(said))
        late = f"it was not installed within {limit} s" if ended.too_long else ""
        return Prepared(ended.seconds, reason=late or said.strip())


@dataclass(frozen=True)
class Prepared:
    """An environment that was made, or the reason why not."""

    seconds: float
    reason: str = ""
    installed: dict[str, str] | None = None

    @property
    def made(self) -> bool:
        return self.installed is not None


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
