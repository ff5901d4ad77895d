"""From the outcomes of tests to one verdict for each requirement and cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from callback_conformance.results.cell import CellIdentity
from callback_conformance.results.failure import Failure
from callback_conformance.results.known_failures import KnownFailures
from callback_conformance.results.outcome import Outcome, TestedCase
from callback_conformance.spec import Basis, Requirement, Specification


class Verdict(StrEnum):
    """What is known of a requirement. ``NOT_SELECTED`` occurs in narrowed runs only."""

    VERIFIED = "verified"
    VIOLATED = "violated"
    NOT_APPLICABLE = "not applicable"
    NOT_DECIDED = "not decided"
    NOT_SELECTED = "not selected"


@dataclass(frozen=True)
class Exclusion:
    """Why none of a requirement's tests applies to a cell."""

    cell: str
    requirement: str
    reason: str


@dataclass(frozen=True)
class Exclusions:
    """What collecting the tests has shown. With pytest-xdist, only the workers collect them."""

    wire_only: tuple[str, ...]
    not_applicable: tuple[Exclusion, ...]


@dataclass
class Verdicts:
    """Collects the outcomes of a run. Keys of its mappings are a cell's id and a requirement, topic or test."""

    specification: Specification
    cells: Sequence[CellIdentity]
    #: True when the command line selected some of the suite's tests.
    narrowed: bool = False
    #: Requirements with a test that chooses the moment of each poll, which no browser allows.
    wire_only: set[str] = field(default_factory=set)
    #: Why none of a requirement's tests applies to the cell.
    not_applicable: dict[tuple[str, str], str] = field(default_factory=dict)
    #: What was observed of implementation-defined behaviour, by topic.
    observations: dict[tuple[str, str], str] = field(default_factory=dict)
    #: What the page of a failing test shows.
    failures: dict[tuple[str, str], Failure] = field(default_factory=dict)
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    #: Known failures that no test has shown.
    stale: list[str] = field(default_factory=list)
    #: What all tests took, and those among them whose subject is time.
    test_seconds: float = 0
    time_test_seconds: float = 0
    _cases: dict[tuple[str, str], list[TestedCase]] = field(default_factory=dict)
    _applicable: set[tuple[str, str]] = field(default_factory=set)

    def collect(self, cell: CellIdentity, requirement: Requirement, exclusion: str) -> None:
        """Note that a requirement has a test, and why that does not apply to the cell. Where another
        test applies, the requirement does, even if that test is not run."""
        key = cell.id, requirement.id
        if not exclusion:
            self._applicable.add(key)
            self.not_applicable.pop(key, None)
        elif key not in self._applicable:
            self.not_applicable[key] = exclusion

    def excluded_by(self, cell: CellIdentity, reason: str) -> list[Requirement]:
        """The requirements that do not apply to a cell for this reason, in the specification's order."""
        return [
            requirement
            for id, requirement in self.specification.requirements.items()
            if self.not_applicable.get((cell.id, id)) == reason
        ]

    def exclusions(self) -> Exclusions:
        """What collecting the tests has shown."""
        reasons = self.not_applicable.items()
        excluded = tuple(Exclusion(cell, id, reason) for (cell, id), reason in reasons)
        return Exclusions(tuple(sorted(self.wire_only)), excluded)

    def take_over(self, exclusions: Exclusions) -> None:
        """Add what another process has collected."""
        self.wire_only.update(exclusions.wire_only)
        for excluded in exclusions.not_applicable:
            self.not_applicable[excluded.cell, excluded.requirement] = excluded.reason

    def add(
        self, cell_id: str, requirements: Collection[str], case: TestedCase, failure: Failure | None
    ) -> None:
        """Note the outcome of a test that covers these requirements."""
        for requirement in requirements:
            self._cases.setdefault((cell_id, requirement), []).append(case)
        if failure:
            self.failures.setdefault((cell_id, case.name), failure)

    def add_time(self, seconds: float, is_subject: bool) -> None:
        """Add what a phase of a test has taken."""
        self.test_seconds += seconds
        self.time_test_seconds += seconds if is_subject else 0

    def cases(self, cell: CellIdentity, requirement: Requirement) -> list[TestedCase]:
        """The outcomes of a requirement's tests."""
        return self._cases.get((cell.id, requirement.id), [])

    def verdict(self, cell: CellIdentity, requirement: Requirement) -> Verdict:
        """The verdict of one requirement on one cell."""
        outcomes = {case.outcome for case in self.cases(cell, requirement)}
        if Outcome.VIOLATED in outcomes:
            return Verdict.VIOLATED
        if Outcome.UNDECIDED in outcomes:
            return Verdict.NOT_DECIDED
        if cell.spec.binding_dialect not in requirement.dialects:
            return Verdict.NOT_APPLICABLE
        if cell.spec.driver == "browser" and requirement.id in self.wire_only:
            return (
                Verdict.NOT_APPLICABLE
            )  # tests that ran do not decide it without those that cannot
        if (cell.id, requirement.id) in self.not_applicable:
            return Verdict.NOT_APPLICABLE  # what has an outcome is the probe
        if outcomes == {Outcome.INEXPRESSIBLE}:
            return Verdict.NOT_APPLICABLE
        if outcomes:
            return Verdict.VERIFIED
        return Verdict.NOT_SELECTED if self.narrowed else Verdict.NOT_DECIDED

    def with_verdict(self, cell: CellIdentity, *verdicts: Verdict) -> list[Requirement]:
        """The requirements that have one of these verdicts on a cell, in the specification's order."""
        everything = self.specification.requirements.values()
        return [each for each in everything if self.verdict(cell, each) in verdicts]

    def reason(self, cell: CellIdentity, requirement: Requirement) -> str:
        """Why a requirement of the cell's dialect does not apply to it; else empty."""
        if self.verdict(cell, requirement) != Verdict.NOT_APPLICABLE:
            return ""
        inexpressible = (case.message for case in self.cases(cell, requirement))
        return self.not_applicable.get((cell.id, requirement.id)) or next(inexpressible, "")

    def deviations(self, cell: CellIdentity, requirement: Requirement) -> set[str]:
        """The known deviations that the requirement's tests show on a cell."""
        return {case.deviation for case in self.cases(cell, requirement) if case.deviation}

    def violated_by_basis(self, cell: CellIdentity) -> dict[Basis, int]:
        """How many violated requirements rest on what."""
        violated = self.with_verdict(cell, Verdict.VIOLATED)
        counted = Counter(requirement.basis[cell.spec.binding_dialect] for requirement in violated)
        return {basis: counted[basis] for basis in Basis}

    def has_new_violation(self, cell: CellIdentity, requirement: Requirement) -> bool:
        """True when no known failure explains a violation of the requirement."""
        return any(case.is_new for case in self.cases(cell, requirement))

    def observations_of(self, cell: CellIdentity) -> Mapping[str, str]:
        """What was observed of a cell, by topic."""
        return {topic: seen for (id, topic), seen in self.observations.items() if id == cell.id}

    def failures_of(self, cell: CellIdentity) -> Mapping[str, Failure]:
        """The failures of a cell, by test."""
        ordered = sorted(self.failures.items())
        return {test: failure for (id, test), failure in ordered if id == cell.id}

    def find_stale(self, known_failures: KnownFailures) -> None:
        """Note the known failures that no test of a whole run on the wire has shown."""
        for cell in self.cells:
            cases = [
                case for (id, _), each in self._cases.items() if id == cell.id for case in each
            ]
            shown = {case.name for case in cases if case.deviation}
            if not self.narrowed and cell.spec.driver == "wire":
                stale = known_failures.stale(cell, shown)
                self.stale += [f"{cell.spec.release}: {test}" for test in stale]

    def fail_the_run(self) -> bool:
        """True when a run whose tests all ended as expected fails all the same: nothing ran, a known failure is
        gone, or a MUST is not decided."""
        undecided = (
            requirement
            for cell in self.cells
            for requirement in self.with_verdict(cell, Verdict.NOT_DECIDED)
        )
        return (
            not self._cases
            or bool(self.stale)
            or any(requirement.binding for requirement in undecided)
        )
