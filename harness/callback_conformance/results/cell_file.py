"""``cell.json``: what became of one cell of a matrix."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from callback_conformance.results.cell import CellSpec
from callback_conformance.results.json_file import read_json, write_json
from callback_conformance.results.verdict import Verdict

NAME = "cell.json"


class CellState(StrEnum):
    """What became of a cell. Only one that ran has verdicts."""

    RAN = "ran"
    NOT_INSTALLED = "not installed"
    TIMED_OUT = "timed out"
    CRASHED = "crashed"


@dataclass(frozen=True)
class CellResult:
    """One cell's run."""

    cell: CellSpec
    state: CellState
    #: Why there are no verdicts; empty where it ran.
    reason: str = ""
    seconds: float = 0
    #: The command that runs it again.
    command: str = ""
    #: Of all its processes.
    cpu_seconds: float = 0
    #: What it took to make or find its environment.
    environment_seconds: float = 0
    #: The exit status of pytest; 0 when every violation is a known failure.
    status: int | None = None
    #: A hash of all that the verdicts depend on.
    fingerprint: str = ""
    #: All distributions in the implementation's environment, with versions.
    installed: Mapping[str, str] = field(default_factory=dict)
    #: By requirement.
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The cell's."""
        return self.cell.id

    @property
    def ran(self) -> bool:
        """True when it has verdicts."""
        return self.state == CellState.RAN

    @property
    def as_recorded(self) -> bool:
        """True when it ran, and nothing but known failures failed."""
        return self.ran and self.status == 0

    @property
    def counts(self) -> Counter[Verdict]:
        """How many requirements have each verdict."""
        return Counter(self.verdicts.values())


def write_cell_result(folder: Path, result: CellResult) -> None:
    """Write ``cell.json`` into ``folder``."""
    write_json(folder / NAME, result)


def read_cell_result(folder: Path) -> CellResult:
    """Read ``cell.json`` of ``folder``. Raises BadFile."""
    return read_json(folder / NAME, CellResult)


def read_cell_results(folder: Path) -> dict[str, CellResult]:
    """The results below a matrix's folder ``cells``, by the ids of their cells; empty when it has none. Raises
    BadFile."""
    results = [read_cell_result(file.parent) for file in sorted(folder.glob(f"*/{NAME}"))]
    return {result.id: result for result in results}
