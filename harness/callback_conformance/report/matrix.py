"""A folder of runs as values: the cells of a matrix, what was seen in each, and the ledger."""

from __future__ import annotations

import re
import shlex
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from hashlib import sha256
from itertools import groupby
from pathlib import Path

from packaging.version import InvalidVersion, Version

from callback_conformance.adapters import UnknownImplementation, find
from callback_conformance.ledger import (
    LEDGER,
    Deviation,
    read_ledger,
    read_symptoms,
    worst_first,
)
from callback_conformance.report.symbols import MatrixSymbol
from callback_conformance.results import cell_file, report_file
from callback_conformance.results.cell import CellSpec
from callback_conformance.results.cell_file import CellResult, CellState, read_cell_result
from callback_conformance.results.failure import Failure
from callback_conformance.results.json_file import BadFile
from callback_conformance.results.outcome import Outcome, TestedCase
from callback_conformance.results.report_file import (
    CellReport,
    RequirementReport,
    RunReport,
    read_run_report,
)
from callback_conformance.results.verdict import Verdict
from callback_conformance.spec.basis import Basis
from callback_conformance.spec.specification import DIALECTS, Requirement, Specification, load


class NoRuns(BadFile):
    """A folder holds nothing that a report could be made of; the message says what was expected."""


@dataclass(frozen=True)
class FailedCase:
    """A test that did not hold, and what its page shows."""

    case: TestedCase
    failure: Failure


@dataclass(frozen=True)
class Pair:
    """A requirement on a cell."""

    requirement: Requirement
    symbol: MatrixSymbol
    #: The tests that did not hold.
    tests: tuple[FailedCase, ...] = ()
    #: Why it does not apply to the cell's backend, though it binds the dialect.
    reason: str = ""

    @property
    def listed(self) -> bool:
        """False for what the dialect does not have: nobody looks for it there."""
        return self.symbol != MatrixSymbol.NOT_APPLICABLE or bool(self.reason)

    @property
    def deviations(self) -> tuple[str, ...]:
        """The known deviations that it shows."""
        return tuple(sorted({test.case.deviation for test in self.tests if test.case.deviation}))


@dataclass(frozen=True)
class CellView:
    """A cell as a report shows it."""

    spec: CellSpec
    implementation: str
    #: Empty for an implementation of this project.
    version: str
    #: Of the distributions, the implementation's first; empty if it did not run.
    versions: Mapping[str, str]
    state: CellState
    #: Why there are no verdicts.
    reason: str
    seconds: float | None
    #: UTC; empty if it did not run.
    started: str
    #: Runs it again.
    command: str
    #: The hash of the specification that it was tested against.
    specification: str
    #: All requirements, by id.
    pairs: Mapping[str, Pair]
    #: What was observed, by topic.
    observations: Mapping[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The cell's."""
        return self.spec.id

    @property
    def slug(self) -> str:
        """What its files are named."""
        return slug(self.spec.id)

    @property
    def ran(self) -> bool:
        """True when there are verdicts."""
        return self.state == CellState.RAN

    @property
    def title(self) -> str:
        """All that distinguishes it from others."""
        return " · ".join((f"{self.implementation} {self.version}".strip(), *self.rest))

    @property
    def rest(self) -> tuple[str, ...]:
        """What distinguishes it from others of the same release; the usual driver is not mentioned."""
        driver = () if self.spec.driver == "wire" else (self.spec.driver,)
        return (self.spec.dialect, self.spec.backend, *driver)

    def counts(self, requirements: Sequence[Requirement]) -> Counter[MatrixSymbol]:
        """How many of these requirements have which symbol."""
        return Counter(self.pairs[requirement.id].symbol for requirement in requirements)

    @property
    def violated_by_basis(self) -> dict[Basis, int]:
        """How many violated requirements rest on what; only what occurs."""
        violated = (MatrixSymbol.VIOLATED, MatrixSymbol.VIOLATED_NEW)
        counted = Counter(
            pair.requirement.basis[self.spec.binding_dialect]
            for pair in self.pairs.values()
            if pair.symbol in violated
        )
        return {basis: counted[basis] for basis in Basis if counted[basis]}

    @property
    def failing(self) -> list[Pair]:
        """The pairs that have a page."""
        return [pair for pair in self.pairs.values() if pair.symbol.fails]


@dataclass(frozen=True)
class Matrix:
    """Everything that a report shows."""

    specification: Specification
    cells: tuple[CellView, ...]
    #: The entries by id.
    ledger: Mapping[str, Deviation]

    @property
    def chapters(self) -> list[tuple[int, str, list[Requirement]]]:
        """The chapters that have requirements: number, title, requirements."""
        titles = self.specification.chapters.items()
        chapters = ((n, title, self.specification.of_chapter(n)) for n, title in titles)
        return [chapter for chapter in chapters if chapter[2]]

    @property
    def requirements(self) -> list[Requirement]:
        """All requirements, in order."""
        return list(self.specification.requirements.values())

    @property
    def worst_first(self) -> list[Deviation]:
        """The entries by release, the worst of each first."""
        entries = list(self.ledger.values())
        ranked = worst_first(entries, read_symptoms(entries, LEDGER))
        return sorted(ranked, key=lambda entry: entry.release)

    def where(self, deviation: str) -> list[tuple[CellView, list[Pair]]]:
        """The cells that show a deviation, each with the pairs that do."""
        return self._shown.get(deviation, [])

    @cached_property
    def _shown(self) -> Mapping[str, list[tuple[CellView, list[Pair]]]]:
        shown: dict[str, list[tuple[CellView, list[Pair]]]] = {}
        for cell in self.cells:
            pairs: dict[str, list[Pair]] = {}
            for pair in cell.failing:
                for deviation in pair.deviations:
                    pairs.setdefault(deviation, []).append(pair)
            for deviation, several in pairs.items():
                shown.setdefault(deviation, []).append((cell, several))
        return shown

    @property
    def groups(self) -> list[tuple[str, str, list[CellView]]]:
        """The cells of each implementation and dialect."""
        grouped = groupby(self.cells, lambda cell: (cell.implementation, cell.spec.dialect))
        return [(*names, list(cells)) for names, cells in grouped]


def pair_page(cell: CellView, requirement: Requirement) -> str:
    """The page of a failing pair, from the report's folder."""
    return f"pairs/{cell.slug}/{requirement.id}.html"


def read(folder: Path) -> Matrix:
    """Read a matrix's folder, or one with the report of a single run. Raises BadFile."""
    specification = load()
    cells = sorted(_cells(folder, specification), key=order)
    if not cells:
        raise NoRuns(
            f"{folder} contains neither {report_file.NAME} (written by `pytest conformance --report={folder}`) nor "
            f"cells/*/{report_file.NAME} or cells/*/{cell_file.NAME} (written by the matrix): "
            "a report needs one of them"
        )
    entries = read_ledger(LEDGER) if LEDGER.exists() else []
    return Matrix(specification, tuple(cells), {entry.id: entry for entry in entries})


def _cells(folder: Path, specification: Specification) -> Iterator[CellView]:
    folders = [place for place in sorted((folder / "cells").glob("*")) if place.is_dir()]
    for place in folders or [folder]:
        result = read_cell_result(place) if (place / cell_file.NAME).exists() else None
        if result and not result.ran:
            yield _did_not_run(result, specification)
        elif (place / report_file.NAME).exists():
            run = read_run_report(place / report_file.NAME)
            yield from (_ran(cell, run, result, specification) for cell in run.cells)


def _ran(
    cell: CellReport, run: RunReport, result: CellResult | None, specification: Specification
) -> CellView:
    version = next(iter(cell.versions.values()), "") if _released(cell.implementation) else ""
    return CellView(
        spec=cell.cell,
        implementation=cell.implementation,
        version=version,
        versions=cell.versions,
        state=CellState.RAN,
        reason="",
        seconds=result.seconds if result else run.seconds,
        started=run.started,
        command=(result and result.command) or shlex.join(run.environment.command),
        specification=run.specification,
        pairs={
            requirement.id: _pair(requirement, cell.requirements.get(requirement.id), cell.failures)
            for requirement in specification.requirements.values()
        },
        observations=cell.observations,
    )


@cache
def _released(implementation: str) -> bool:
    """False for what is a part of this project: its version says nothing."""
    try:
        return find(implementation).released
    except UnknownImplementation:
        return True


def _did_not_run(result: CellResult, specification: Specification) -> CellView:
    name, _, version = result.cell.release.partition("@")
    pairs = {}
    for requirement in specification.requirements.values():
        binds = result.cell.binding_dialect in requirement.dialects
        symbol = MatrixSymbol.NOT_RUN if binds else MatrixSymbol.NOT_APPLICABLE
        pairs[requirement.id] = Pair(requirement, symbol)
    return CellView(
        spec=result.cell,
        implementation=name,
        version=version,
        versions={},
        state=result.state,
        reason=result.reason,
        seconds=result.seconds,
        started="",
        command=result.command,
        specification=specification.hash,
        pairs=pairs,
    )


def _pair(
    requirement: Requirement, report: RequirementReport | None, failures: Mapping[str, Failure]
) -> Pair:
    if report is None:  # the run was made with a specification that did not have it
        return Pair(requirement, MatrixSymbol.NOT_SELECTED)
    tests = tuple(
        FailedCase(case, failures.get(case.name, Failure()))
        for case in report.tests
        if case.outcome in (Outcome.VIOLATED, Outcome.UNDECIDED)
    )
    is_new = any(test.case.is_new for test in tests)
    symbol = MatrixSymbol[report.verdict.name]
    if report.verdict == Verdict.VIOLATED and is_new:
        symbol = MatrixSymbol.VIOLATED_NEW
    return Pair(requirement, symbol, tests, report.reason or "")


def slug(id: str) -> str:
    """A name of a file that needs no escape in an address or a query; ids that look alike in it stay apart."""
    plain = re.sub(r"[^\w.@+-]+", "-", id, flags=re.ASCII)
    apart = plain if plain == id else f"{plain}-{sha256(id.encode()).hexdigest()[:6]}"
    return apart.replace("+", "~")  # which a query would take for a space


def order(cell: CellView) -> tuple[object, ...]:
    """By implementation and dialect, the newest version first; ours last, because the releases are what readers have."""
    try:
        version: tuple[int, ...] = Version(cell.version).release
    except InvalidVersion:
        version = ()
    dialect = cell.spec.dialect
    return (
        not _released(cell.implementation),
        cell.implementation,
        DIALECTS.index(dialect) if dialect in DIALECTS else len(DIALECTS),
        [-part for part in version],
        cell.spec.backend,
        cell.spec.driver,
        cell.id,
    )
