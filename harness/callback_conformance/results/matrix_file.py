"""``matrix.json``: all cells of a report, for machines; ``report/matrix.schema.json`` describes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from callback_conformance.results.cell import CellSpec
from callback_conformance.results.cell_file import CellResult, CellState
from callback_conformance.results.json_file import BadFile, read_json, write_json
from callback_conformance.results.outcome import Outcome
from callback_conformance.results.verdict import Verdict
from callback_conformance.spec import Basis

NAME = "matrix.json"
SCHEMA_VERSION = 1


class MatrixVerdict(StrEnum):
    """What a report says of a requirement on a cell. ``VIOLATED`` is by known failures alone."""

    VERIFIED = "verified"
    VIOLATED_NEW = "violated, new"
    VIOLATED = "violated"
    NOT_DECIDED = "not decided"
    NOT_APPLICABLE = "not applicable"
    NOT_SELECTED = "not selected"
    NOT_RUN = "did not run"

    @property
    def verdict(self) -> Verdict:
        """As a run gives it, which does not tell new violations from known ones. Raises KeyError for
        ``NOT_RUN``."""
        return Verdict.VIOLATED if self is MatrixVerdict.VIOLATED_NEW else Verdict[self.name]


@dataclass(frozen=True)
class PublishedRequirement:
    """A requirement of the specification."""

    chapter: int
    level: str
    sentence: str
    dialects: tuple[str, ...]
    source: str
    #: What it rests on, by dialect.
    basis: Mapping[str, Basis] = field(default_factory=dict)


@dataclass(frozen=True)
class PublishedSpecification:
    """The specification that the cells were tested against."""

    hash: str
    #: Titles by number.
    chapters: Mapping[str, str]
    requirements: Mapping[str, PublishedRequirement]


@dataclass(frozen=True)
class PublishedTest:
    """A test that did not hold."""

    name: str
    outcome: Outcome
    message: str
    deviation: str | None
    #: Runs it again.
    command: str | None


@dataclass(frozen=True)
class PublishedFailure:
    """A requirement that is violated or not decided."""

    #: Its page, beside this file.
    page: str
    deviations: tuple[str, ...]
    tests: tuple[PublishedTest, ...]


@dataclass(frozen=True)
class PublishedCell:
    """A cell. What is unknown, such as the version of a release that could not be installed, is None."""

    id: str
    release: str
    implementation: str
    version: str | None
    dialect: str
    backend: str
    driver: str
    versions: Mapping[str, str]
    state: CellState
    reason: str | None
    started: str | None
    seconds: float | None
    command: str | None
    #: The hash of the specification that it was tested against.
    specification: str
    page: str
    #: How many requirements have each verdict.
    counts: Mapping[str, int]
    verdicts: Mapping[str, MatrixVerdict]
    #: Why a requirement does not apply to the backend.
    reasons: Mapping[str, str]
    failing: Mapping[str, PublishedFailure]
    observations: Mapping[str, str]
    #: How many violated requirements rest on what; only what occurs.
    violated_by_basis: Mapping[str, int] = field(default_factory=dict)

    @property
    def result(self) -> CellResult:
        """The cell as a matrix keeps it."""
        ran = self.state == CellState.RAN
        return CellResult(
            cell=CellSpec(self.release, self.dialect, self.backend, self.driver),
            state=self.state,
            reason=self.reason or "",
            seconds=self.seconds or 0,
            command=self.command or "",
            verdicts={id: each.verdict for id, each in self.verdicts.items()} if ran else {},
        )


@dataclass(frozen=True)
class PublishedDeviation:
    """An entry of the ledger."""

    title: str
    release: str
    versions: str
    verified: tuple[str, ...]
    #: What it costs a user.
    impact: str
    #: Where its cause lies.
    cause: str
    #: Threads about it, as ``owner/project#number``.
    upstream: tuple[str, ...]


@dataclass(frozen=True)
class MatrixReport:
    """A whole report."""

    schema_version: int
    specification: PublishedSpecification
    cells: tuple[PublishedCell, ...]
    deviations: Mapping[str, PublishedDeviation]


def write_matrix_report(folder: Path, report: MatrixReport) -> None:
    """Write ``matrix.json`` into ``folder``."""
    write_json(folder / NAME, report)


def read_matrix_report(file: Path) -> MatrixReport:
    """Read a ``matrix.json``. Raises BadFile."""
    report = read_json(file, MatrixReport)
    if report.schema_version != SCHEMA_VERSION:
        raise BadFile(
            f"{file} has schema_version {report.schema_version}; expected {SCHEMA_VERSION}"
        )
    return report
