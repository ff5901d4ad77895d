"""What is kept of a cell: ``cells/ID/cell.json`` beside the ``report.json`` that pytest wrote."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from callback_conformance.plugin.cells import cell_id


class State(StrEnum):
    """What became of a cell. Only one that ran has verdicts."""

    RAN = "ran"
    NOT_INSTALLED = "not installed"
    TIMED_OUT = "timed out"
    CRASHED = "crashed"


class NoMatrix(ValueError):
    """A folder or file holds no matrix; the message says what was expected there."""


@dataclass(frozen=True)
class Record:
    """One cell's run. ``status`` is pytest's (0: as ``conformance/expected`` records it), ``fingerprint`` what
    the verdicts depend on, ``installed`` all that the implementation's environment holds. ``cpu_seconds`` are of
    all its processes, ``environment_seconds`` what its environment took to make or find."""

    asked: str
    dialect: str
    backend: str
    driver: str
    state: State
    reason: str
    seconds: float
    command: str
    cpu_seconds: float = 0
    environment_seconds: float = 0
    status: int | None = None
    fingerprint: str = ""
    installed: Mapping[str, str] = field(default_factory=dict)
    verdicts: Mapping[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The cell's."""
        return cell_id(self.asked, self.dialect, self.backend, self.driver)

    @property
    def ran(self) -> bool:
        """True when it has verdicts."""
        return self.state == State.RAN

    @property
    def as_recorded(self) -> bool:
        """True when it ran, and nothing but known failures failed."""
        return self.ran and self.status == 0

    @property
    def counts(self) -> Counter[str]:
        """How many requirements have each verdict."""
        return Counter(self.verdicts.values())


def write_record(folder: Path, record: Record) -> None:
    """Write ``cell.json``; the verdicts stand in ``report.json``."""
    fields = {name: value for name, value in asdict(record).items() if name != "verdicts"}
    text = json.dumps(fields, indent=1, ensure_ascii=False)
    (folder / "cell.json").write_text(text + "\n", encoding="utf-8")


def read_record(folder: Path) -> Record:
    """The record in a cell's folder. Raises NoMatrix."""
    try:
        data = json.loads((folder / "cell.json").read_text(encoding="utf-8"))
        data["state"] = State(data["state"])
        return Record(**data, verdicts=read_verdicts(folder) if data["state"] == "ran" else {})
    except (OSError, ValueError, TypeError, LookupError) as error:
        raise NoMatrix(f"{folder} holds no cell of a matrix: {error}") from error


def read_verdicts(folder: Path) -> dict[str, str]:
    """The verdict of each requirement, as pytest reported it."""
    report: Any = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    [cell] = report["cells"]
    return {id: found["verdict"] for id, found in cell["requirements"].items()}


def read_records(folder: Path) -> dict[str, Record]:
    """All records of a matrix's folder, by the ids of their cells; empty when it has none."""
    found = [read_record(one.parent) for one in sorted(folder.glob("*/cell.json"))]
    return {record.id: record for record in found}
