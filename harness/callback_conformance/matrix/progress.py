"""What is shown while cells run: here a line for each cell that has ended."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Sequence
from pathlib import Path

from callback_conformance.results.cell import CellSpec
from callback_conformance.results.cell_file import CellResult
from callback_conformance.results.verdict import Verdict

_PERCENT = re.compile(rb"\[ *(\d+)%\]")  # at the end of each line of pytest's dots
_TAIL_BYTES = 4096
_DOTS = re.compile(
    r"^[.xXFEsR]+(?= +\[ *\d+%\]|$)", re.MULTILINE
)  # the lines in which each test is a letter


class Display:
    """Shows what happens in a run: here nothing."""

    def begins(self, cells: int, kept: Sequence[CellResult]) -> None:
        """So many cells, of which these have a result from an earlier run."""

    def starts(self, cell: CellSpec, output: Path) -> None:
        """A cell starts; what it prints goes to ``output``. Called from any thread."""

    def looks(self) -> None:
        """A moment has passed."""

    def ended(self, result: CellResult) -> None:
        """A cell has ended."""

    def close(self) -> None:
        """Nothing more comes."""


def percent(output: Path) -> int:
    """How far a cell is, by what pytest has printed so far."""
    try:
        with output.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL_BYTES))
            percents = _PERCENT.findall(file.read())
    except OSError:  # it has not printed yet, or has been moved where it is kept
        return 0
    return int(percents[-1]) if percents else 0


def phase(output: Path) -> str:
    """What a cell is at: its environment is made until pytest prints; then how many tests have failed unexpectedly."""
    try:
        printed = output.read_text(encoding="utf-8", errors="replace")
    except OSError:  # it has not printed yet, or has been moved where it is kept
        return "its environment is made"
    failed = sum(dots.count("F") + dots.count("E") for dots in _DOTS.findall(printed))
    return f"{failed} failed" if failed else "its tests run"


def line(result: CellResult) -> str:
    """One cell's end in a line."""
    counts = result.counts
    decided = (Verdict.VERIFIED, Verdict.VIOLATED, Verdict.NOT_DECIDED)
    text = ", ".join(f"{counts[verdict]} {verdict}" for verdict in decided if counts[verdict])
    if not result.ran:
        text = f"{result.state.upper()}: {result.reason.splitlines()[0] if result.reason else ''}"
    elif not result.as_recorded:
        text += " (NOT as recorded)"
    return f"{result.id}: {text}, {result.seconds:.0f} s"


class Lines(Display):
    """For a file or a pipe."""

    def __init__(self) -> None:
        self._cells = self._ended = 0
        self._began = time.monotonic()

    def begins(self, cells: int, kept: Sequence[CellResult]) -> None:
        self._cells, self._ended = cells, len(kept)
        print(f"cells: {cells}; with a result that still holds: {len(kept)}", flush=True)

    def ended(self, result: CellResult) -> None:
        self._ended += 1
        passed = time.monotonic() - self._began
        print(f"{passed:5.0f} s [{self._ended}/{self._cells}] {line(result)}", flush=True)
