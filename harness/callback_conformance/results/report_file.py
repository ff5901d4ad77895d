"""``report.json``: what one run of pytest found out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from callback_conformance.results.cell import CellIdentity, CellSpec
from callback_conformance.results.failure import Failure
from callback_conformance.results.json_file import read_json, write_json
from callback_conformance.results.outcome import TestedCase
from callback_conformance.results.verdict import Verdict, Verdicts

NAME = "report.json"


@dataclass(frozen=True)
class RequirementReport:
    """One requirement on one cell."""

    level: str
    verdict: Verdict
    #: Why it does not apply to the cell's backend, though it binds the dialect.
    reason: str | None
    tests: tuple[TestedCase, ...]


@dataclass(frozen=True)
class CellReport:
    """One cell of a run."""

    cell: CellSpec
    #: The implementation's name.
    implementation: str
    #: Versions by distribution, the implementation's own first.
    versions: Mapping[str, str]
    #: What the pages of failing tests show, by test.
    failures: Mapping[str, Failure]
    #: Implementation-defined behaviour: what was observed, by topic.
    observations: Mapping[str, str]
    requirements: Mapping[str, RequirementReport]

    @property
    def verdicts(self) -> dict[str, Verdict]:
        """The verdict of each requirement."""
        return {id: requirement.verdict for id, requirement in self.requirements.items()}


@dataclass(frozen=True)
class RunEnvironment:
    """Where and how pytest ran."""

    python: str
    platform: str
    command: tuple[str, ...]


@dataclass(frozen=True)
class RunReport:
    """One run of pytest."""

    #: The suite's version.
    suite: str
    #: The hash of the specification.
    specification: str
    environment: RunEnvironment
    #: UTC, such as 2026-01-02T03:04:05Z.
    started: str
    seconds: float
    #: The seed of a random order, if one was set.
    seed: str | None
    #: True when the command line selected some of the suite's tests.
    narrowed: bool
    cells: tuple[CellReport, ...]


def run_report(
    verdicts: Verdicts, suite: str, environment: RunEnvironment, seed: str | None
) -> RunReport:
    """The report of a run that has just ended."""
    return RunReport(
        suite=suite,
        specification=verdicts.specification.hash,
        environment=environment,
        started=f"{verdicts.started:%Y-%m-%dT%H:%M:%SZ}",
        seconds=round((datetime.now(UTC) - verdicts.started).total_seconds(), 1),
        seed=seed,
        narrowed=verdicts.narrowed,
        cells=tuple(_cell_report(verdicts, cell) for cell in verdicts.cells),
    )


def _cell_report(verdicts: Verdicts, cell: CellIdentity) -> CellReport:
    return CellReport(
        cell=cell.spec,
        implementation=cell.implementation,
        versions=cell.versions,
        failures=verdicts.failures_of(cell),
        observations=verdicts.observations_of(cell),
        requirements={
            requirement.id: RequirementReport(
                level=requirement.level,
                verdict=verdicts.verdict(cell, requirement),
                reason=verdicts.reason(cell, requirement) or None,
                tests=tuple(verdicts.cases(cell, requirement)),
            )
            for requirement in verdicts.specification.requirements.values()
        },
    )


def write_run_report(folder: Path, report: RunReport) -> None:
    """Write ``report.json`` into ``folder``."""
    write_json(folder / NAME, report)


def read_run_report(file: Path) -> RunReport:
    """Read a ``report.json``. Raises BadFile."""
    return read_json(file, RunReport)
