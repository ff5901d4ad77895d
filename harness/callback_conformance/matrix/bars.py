"""The run on a terminal: a bar for each cell that runs, one for all, and above them a line for each that has ended."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from rich.progress import TimeElapsedColumn as Elapsed

from callback_conformance.matrix.progress import Display, line, percent, phase
from callback_conformance.results.cell import CellSpec
from callback_conformance.results.cell_file import CellResult


class Bars(Display):
    """For a terminal."""

    def __init__(self) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Elapsed())
        self._progress = Progress(*columns, console=Console(highlight=False))
        self._all = self._progress.add_task("all cells", total=None)
        self._running: dict[str, tuple[TaskID, Path]] = {}

    def begins(self, cells: int, kept: Sequence[CellResult]) -> None:
        self._progress.start()
        self._progress.update(self._all, total=cells, completed=len(kept))

    def starts(self, cell: CellSpec, output: Path) -> None:
        self._running[cell.id] = self._progress.add_task(cell.id, total=100), output

    def looks(self) -> None:
        for id, (task, output) in list(self._running.items()):
            description = f"{id}: {phase(output)}"
            self._progress.update(task, completed=percent(output), description=description)

    def ended(self, result: CellResult) -> None:
        task, _ = self._running.pop(result.id)
        self._progress.remove_task(task)
        self._progress.advance(self._all)
        style = "green" if result.as_recorded else "red"
        self._progress.console.print(line(result), style=style, markup=False)

    def close(self) -> None:
        self._progress.stop()
