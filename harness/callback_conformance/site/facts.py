"""What the pages say of cells and faults: scores, ranks, and verdicts as they are recorded, in the form of a report."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from packaging.version import Version

from callback_conformance.findings.recorded import Findings, RecordedCell
from callback_conformance.ledger import Deviation, Fault, Impact, fixed_in, since
from callback_conformance.report.matrix import CellView, FailedCase, Matrix, Pair, order
from callback_conformance.report.symbols import MatrixSymbol
from callback_conformance.results.cell_file import CellState
from callback_conformance.results.failure import Failure
from callback_conformance.results.outcome import Outcome, TestedCase
from callback_conformance.site.prose import slug
from callback_conformance.spec import Requirement


@dataclass(frozen=True)
class Score:
    """How well a cell does. Cells are ranked by what they cost users, the gravest first, and then by the share."""

    cell: RecordedCell
    view: CellView

    @property
    def impacts(self) -> Mapping[Impact, int]:
        """In how many ways users come to harm, by its gravity."""
        counts = Counter(deviation.impact for deviation in self.cell.deviations)
        return {impact: counts[impact] for impact in Impact}

    @property
    def kept(self) -> int:
        """How many of the requirements that apply are not violated."""
        return len(self.cell.applicable) - len(self.cell.violated)

    @property
    def percent(self) -> int:
        """Their share, rounded down: 100 stands for all alone."""
        return 100 * self.kept // len(self.cell.applicable)

    @property
    def rank(self) -> tuple[int, ...]:
        """What cells are sorted by, the best first."""
        return (*self.impacts.values(), -self.percent)


def matrix_of(findings: Findings) -> Matrix:
    """What is recorded, as a report shows what a run has seen."""
    cells = [_view(cell, findings) for cell in findings.cells]
    ledger = {entry.id: entry for entry in findings.deviations}
    return Matrix(findings.specification, tuple(sorted(cells, key=order)), ledger)


def _view(cell: RecordedCell, findings: Findings) -> CellView:
    applicable = {requirement.id for requirement in cell.applicable}
    return CellView(
        spec=cell.spec,
        implementation=cell.implementation,
        version=cell.version if "@" in cell.spec.release else "",
        versions={},
        state=CellState.RAN,
        reason="",
        seconds=None,
        started="",
        command="",
        specification=findings.specification.hash,
        pairs={
            id: _pair(requirement, cell, id in applicable)
            for id, requirement in findings.specification.requirements.items()
        },
    )


def _pair(requirement: Requirement, cell: RecordedCell, applies: bool) -> Pair:
    if not applies:
        return Pair(requirement, MatrixSymbol.NOT_APPLICABLE)
    entries = cell.violated.get(requirement.id, ())
    if not entries:
        return Pair(requirement, MatrixSymbol.VERIFIED)
    cases = (TestedCase("", Outcome.VIOLATED, deviation=entry.id) for entry in entries)
    shown = tuple(FailedCase(case, Failure()) for case in cases)
    return Pair(requirement, MatrixSymbol.VIOLATED, shown)


def scores(findings: Findings, matrix: Matrix) -> dict[str, Score]:
    """The score of each cell, by the name of its files, the best first."""
    views = {view.id: view for view in matrix.cells}
    scored = [Score(cell, views[cell.spec.id]) for cell in findings.cells]
    return {score.view.slug: score for score in sorted(scored, key=lambda score: score.rank)}


@dataclass(frozen=True)
class FaultView:
    """A fault of a release with its entries, the worst first."""

    release: str
    fault: Fault
    entries: tuple[Deviation, ...]

    @property
    def impact(self) -> Impact:
        """The worst of it."""
        return self.entries[0].impact

    @property
    def upstream(self) -> list[str]:
        """The public threads about it."""
        return list(dict.fromkeys(thread for entry in self.entries for thread in entry.upstream))

    @property
    def reported(self) -> list[Deviation]:
        """What a report to the release's maintainer tells: what the newest version that has any of it has."""
        newest = max((version for entry in self.entries for version in entry.verified), key=Version)
        return [entry for entry in self.entries if entry.occurs_in(newest)]

    @property
    def since(self) -> str:
        """The version that first has any of it."""
        first = [since(entry) for entry in self.entries]
        always = [words for words in first if not words[0].isdigit()]
        return always[0] if always else min(first, key=Version)

    def fixed_in(self, findings: Findings) -> str:
        """The version that first has none of it."""
        last = [fixed(entry, findings) for entry in self.entries]
        never = [words for words in last if not words[0].isdigit()]
        return never[0] if never else max(last, key=Version)

    def current(self, findings: Findings) -> bool:
        """True where the newest version of the release has it."""
        newest = findings.versions(self.release)[-1]
        return any(entry.occurs_in(newest) for entry in self.entries)


def faults(findings: Findings) -> list[FaultView]:
    """All faults, the worst first."""
    grouped: dict[tuple[str, str], list[Deviation]] = {}
    for entry in findings.deviations:
        grouped.setdefault((entry.release, entry.fault.slug), []).append(entry)
    return [FaultView(each[0].release, each[0].fault, tuple(each)) for each in grouped.values()]


def fixed(entry: Deviation, findings: Findings) -> str:
    """The version that first lacks a deviation again; one of the matrix if the entry names none."""
    bound, newest = fixed_in(entry), max(entry.verified, key=Version)
    if bound[0].isdigit():
        return bound
    later = [each for each in findings.versions(entry.release) if Version(each) > Version(newest)]
    return next((each for each in later if not entry.occurs_in(each)), bound)


def expected(program: str) -> str:
    """What a reproducer expects, if it says so in words that stand fast."""
    words = re.findall(r'"expected: ([^"{}]*)"', program)
    return words[0] if len(words) == 1 else ""


@dataclass(frozen=True)
class Trend:
    """The versions of a release in one dialect on one backend, the oldest first."""

    title: str
    cells: tuple[CellView, ...]

    @property
    def anchor(self) -> str:
        """By which an address names it."""
        return slug(self.title)

    def applies(self, requirements: Sequence[Requirement]) -> bool:
        """True where some version is held to one of them."""
        return any(applicable for _, applicable, _, _ in self.row(requirements))

    def row(self, requirements: Sequence[Requirement]) -> Iterator[tuple[CellView, int, int, int]]:
        """Of each version, how many of the requirements apply, are violated, and by how many more than before."""
        before = 0
        for place, cell in enumerate(self.cells):
            counts = cell.counts(requirements)
            violated = counts[MatrixSymbol.VIOLATED]
            applicable = violated + counts[MatrixSymbol.VERIFIED]
            yield cell, applicable, violated, violated - before if place else 0
            before = violated


def trends(matrix: Matrix) -> list[Trend]:
    """Those that the matrix has, in its order."""

    def variant(cell: CellView) -> tuple[str, ...]:
        return cell.implementation, *cell.rest

    ordered = sorted(matrix.cells, key=variant)  # keeps the order of versions, the newest first
    grouped = [(names, list(cells)[::-1]) for names, cells in groupby(ordered, variant)]
    place = {cell.id: number for number, cell in enumerate(matrix.cells)}
    grouped.sort(key=lambda group: place[group[1][-1].id])
    return [Trend(" · ".join(names), tuple(cells)) for names, cells in grouped]
