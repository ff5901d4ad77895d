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
from callback_conformance.matrix.environments import Environments, PreparedEnvironment
from callback_conformance.matrix.fingerprint import fingerprint, suite_hash
from callback_conformance.matrix.plan import Plan
from callback_conformance.matrix.processes import EndedProcess, Processes
from callback_conformance.matrix.progress import Display
from callback_conformance.places import SUITE
from callback_conformance.results import report_file
from callback_conformance.results.cell import CellSpec
from callback_conformance.results.cell_file import (
    CellResult,
    CellState,
    read_cell_result,
    write_cell_result,
)
from callback_conformance.results.json_file import BadFile
from callback_conformance.results.verdict import Verdict

OUTPUT = "output.txt"  # all that a cell's processes print
LOOK_SECONDS = 0.5  # between two updates of the display
REASON_LINES = 12


@dataclass(frozen=True)
class MatrixRun:
    """What is to be done."""

    plan: Plan
    #: Those of the plan that are to run.
    cells: Sequence[CellSpec]
    #: Where the results are kept.
    folder: Path
    #: The folder with the tests.
    suite: Path
    #: Further words for pytest.
    words: Sequence[str] = ()
    #: True to run also the cells that have a valid result.
    again: bool = False
    #: The versions that the environments of some releases must hold; the others get what pip's resolver chooses.
    pinned: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def options(self) -> tuple[str, ...]:
        """The options of pytest beside those of the cell."""
        return ("-q", "-n", str(self.plan.workers), "-p", "no:cacheprovider", *self.words)


class Runner:
    """Runs a matrix."""

    def __init__(self, run: MatrixRun, display: Display) -> None:
        self._run = run
        self._display = display
        self._processes = Processes()
        self._suite = suite_hash(run.suite)
        releases = {cell.release for cell in run.cells}
        limit = run.plan.environment_seconds
        self._environments = Environments(self._processes, limit, run.pinned, releases)

    def run(self) -> list[CellResult]:
        """Run the cells that have no result yet. Raises KeyboardInterrupt, when all processes have ended."""
        waiting, results = [], []
        for cell in self._run.cells:
            kept = None if self._run.again else self._kept(cell)
            waiting.append(cell) if kept is None else results.append(kept)
        self._display.begins(len(self._run.cells), results)
        with ThreadPoolExecutor(self._run.plan.at_once) as pool:
            try:
                results += self._run_all(self._longest_first(waiting), pool)
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                self._processes.stop()
                raise
        return results

    def _run_all(self, waiting: list[CellSpec], pool: ThreadPoolExecutor) -> Iterator[CellResult]:
        running: dict[Future[CellResult], CellSpec] = {}
        while waiting or running:
            while waiting and len(running) < self._run.plan.at_once:
                cell = next_of(waiting, running.values())
                waiting.remove(cell)
                running[pool.submit(self._run_cell, cell)] = cell
            ended, _ = wait(running, LOOK_SECONDS, FIRST_COMPLETED)
            self._display.looks()
            for future in ended:
                del running[future]
                self._display.ended(future.result())
                yield future.result()

    def _kept(self, cell: CellSpec) -> CellResult | None:
        """Its earlier result, if that is still valid. One that was not installed, or crashed, runs again."""
        result = self._earlier(cell)
        if result is None or result.state in (CellState.NOT_INSTALLED, CellState.CRASHED):
            return None
        return result if result.fingerprint == self._fingerprint(cell) else None

    def _earlier(self, cell: CellSpec) -> CellResult | None:
        try:
            return read_cell_result(self._run.folder / "cells" / cell.id)
        except BadFile:
            return None

    def _longest_first(self, cells: Sequence[CellSpec]) -> list[CellSpec]:
        """So that no long one is left when all others are done. One of unknown length comes first."""
        earlier = {cell: self._earlier(cell) for cell in cells}
        seconds = {cell: result.seconds if result else 1e9 for cell, result in earlier.items()}
        return sorted(cells, key=lambda cell: -seconds[cell])

    def _fingerprint(self, cell: CellSpec) -> str:
        return fingerprint(cell, self._suite, self._run.words)

    def _run_cell(self, cell: CellSpec) -> CellResult:
        folder = self._run.folder / "running" / cell.id
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self._display.starts(cell, folder / OUTPUT)
        result = self._result(cell, folder)
        if self._processes.stopped:
            raise InterruptedError(f"{cell.id} has been interrupted")
        write_cell_result(folder, result)
        final = self._run.folder / "cells" / cell.id
        shutil.rmtree(final, ignore_errors=True)
        final.parent.mkdir(parents=True, exist_ok=True)
        folder.rename(final)
        return result

    def _result(self, cell: CellSpec, folder: Path) -> CellResult:
        environment = self._environments.of(cell.release, folder)
        suite = self._run.suite
        # The suite of this package brings its plugin along; another suite has to name it.
        plugin = [] if suite.resolve() == SUITE else ["-p", PLUGIN]
        words = ["pytest", *plugin, str(suite), *cell.options, *self._run.options]
        ended = None
        if environment.is_made:
            argv = [sys.executable, "-m", *words, f"--report={folder}"]
            limit = self._run.plan.cell_seconds
            ended = self._processes.run(argv, folder / OUTPUT, limit, environment.variables)
        state, reason, verdicts = _outcome(environment, ended, folder, self._run.plan)
        if state != CellState.RAN:  # a part of a report would pass for a whole one
            (folder / report_file.NAME).unlink(missing_ok=True)
        return CellResult(
            cell=cell,
            state=state,
            reason=reason,
            seconds=round(ended.seconds, 1) if ended else 0,
            cpu_seconds=round(ended.cpu_seconds, 1) if ended else 0,
            environment_seconds=round(environment.seconds, 1),
            command=shlex.join(words),
            status=ended.status if ended else None,
            fingerprint=self._fingerprint(cell),
            installed=environment.installed,
            verdicts=verdicts,
        )


def next_of(waiting: Sequence[CellSpec], running: Iterable[CellSpec]) -> CellSpec:
    """The first of the implementation with the fewest running cells: some mostly wait, others mostly compute, so
    that together they leave no processor idle and overload none."""
    counts = Counter(cell.family for cell in running)
    return min(waiting, key=lambda cell: counts[cell.family])


def _outcome(
    environment: PreparedEnvironment, ended: EndedProcess | None, folder: Path, plan: Plan
) -> tuple[CellState, str, dict[str, Verdict]]:
    """What became of a cell, why it has no verdicts, or its verdicts."""
    if ended is None:
        return CellState.NOT_INSTALLED, environment.reason, {}
    if ended.timed_out:
        return CellState.TIMED_OUT, f"it did not end within {plan.cell_seconds} s", {}
    reasons = [f"pytest ended with status {ended.status}:"]
    if ended.status in (0, 1):
        try:
            [cell] = report_file.read_run_report(folder / report_file.NAME).cells
            return CellState.RAN, "", cell.verdicts
        except BadFile as error:
            reasons = [str(error)]
    printed = (folder / OUTPUT).read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return CellState.CRASHED, "\n".join([*reasons, *printed[-REASON_LINES:]]), {}
