"""From the outcomes of tests to one verdict for each requirement and cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import pytest

from callback_conformance.plugin.cells import Cell
from callback_conformance.plugin.expected import Expected
from callback_conformance.spec.specification import Requirement, Specification


class Outcome(StrEnum):
    """How one test ended."""

    HELD = "held"
    VIOLATED = "violated"
    UNDECIDED = "undecided"


class Verdict(StrEnum):
    """What is known of a requirement; ``NOT_SELECTED`` is said only of a narrowed run."""

    VERIFIED = "verified"
    VIOLATED = "violated"
    NOT_APPLICABLE = "not applicable"
    NOT_DECIDED = "not decided"
    NOT_SELECTED = "not selected"


@dataclass(frozen=True)
class Result:
    """One test's outcome for one cell; ``deviation`` is the known one that it was expected to show."""

    test: str
    outcome: Outcome
    message: str
    deviation: str


@dataclass
class Verdicts:
    """Collects outcomes; ``narrowed`` says that only some of the suite's tests were chosen, and
    ``wire_only`` holds the requirements whose tests choose polls, as no browser lets them;
    ``not_applicable`` tells of a cell and a requirement why none of its tests applies to the backend;
    ``census`` is what was observed of a cell where it may do as it likes, by topic; of the
    ``seconds`` of all tests, ``subject_seconds`` belong to those whose subject is time;
    ``failures`` is what the pages of failing tests show, by cell and test."""

    specification: Specification
    cells: list[Cell]
    narrowed: bool = False
    wire_only: set[str] = field(default_factory=set)
    not_applicable: dict[tuple[str, str], str] = field(default_factory=dict)
    census: dict[tuple[str, str], str] = field(default_factory=dict)
    failures: dict[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    stale: list[str] = field(default_factory=list)
    seconds: float = 0
    subject_seconds: float = 0
    _results: dict[tuple[str, str], list[Result]] = field(default_factory=dict)
    _applicable: set[tuple[str, str]] = field(default_factory=set)

    def collected(self, cell: Cell, requirement: Requirement, excluded: str) -> None:
        """Take that there is a test of a requirement, and why it does not apply to the cell's backend; where
        another test of it does, the requirement applies, also if that one is not run."""
        place = cell.id, requirement.id
        if not excluded:
            self._applicable.add(place)
            self.not_applicable.pop(place, None)
        elif place not in self._applicable:
            self.not_applicable[place] = excluded

    def add(self, facts: Mapping[str, Any], failure: Mapping[str, Any] | None = None) -> None:
        """Take what one test's report says, and what is to be told of its ``failure``."""
        result = Result(
            facts["test"], Outcome(facts["outcome"]), facts["message"], facts["deviation"]
        )
        for id in facts["ids"]:
            self._results.setdefault((facts["cell"], id), []).append(result)
        if failure:
            self.failures.setdefault((facts["cell"], result.test), failure)

    def spent(self, seconds: float, is_subject: bool) -> None:
        """Take what a phase of a test has cost."""
        self.seconds += seconds
        self.subject_seconds += seconds if is_subject else 0

    def results(self, cell: Cell, requirement: Requirement) -> list[Result]:
        """The outcomes of the tests of a requirement."""
        return self._results.get((cell.id, requirement.id), [])

    def verdict(self, cell: Cell, requirement: Requirement) -> Verdict:
        """The verdict of one requirement on one cell."""
        outcomes = {result.outcome for result in self.results(cell, requirement)}
        if Outcome.VIOLATED in outcomes:
            return Verdict.VIOLATED
        if Outcome.UNDECIDED in outcomes:
            return Verdict.NOT_DECIDED
        if cell.dialect not in requirement.dialects:
            return Verdict.NOT_APPLICABLE
        if cell.driver == "browser" and requirement.id in self.wire_only:
            return (
                Verdict.NOT_APPLICABLE
            )  # some of its tests cannot run here, so the others decide nothing
        if outcomes:
            return Verdict.VERIFIED
        if (cell.id, requirement.id) in self.not_applicable:
            return Verdict.NOT_APPLICABLE
        return Verdict.NOT_SELECTED if self.narrowed else Verdict.NOT_DECIDED

    def reason(self, cell: Cell, requirement: Requirement) -> str:
        """Why a requirement that binds the dialect does not apply to the cell's backend; else empty."""
        if self.verdict(cell, requirement) != Verdict.NOT_APPLICABLE:
            return ""
        return self.not_applicable.get((cell.id, requirement.id), "")

    def known(self, cell: Cell, requirement: Requirement) -> bool:
        """True when every violation of the requirement is one that the ledger has."""
        return all(
            result.deviation
            for result in self.results(cell, requirement)
            if result.outcome == Outcome.VIOLATED
        )

    def find_stale(self, expected: Expected) -> None:
        """Note the known failures that no test of a whole run on the wire has shown."""
        for cell in self.cells:
            mine = [found for (name, _), found in self._results.items() if name == cell.id]
            shown = {result.test for found in mine for result in found if result.deviation}
            if not self.narrowed and cell.driver == "wire":
                self.stale += [f"{cell.asked}: {test}" for test in expected.stale(cell, shown)]

    def undecided(self) -> list[tuple[Cell, Requirement]]:
        """Each MUST that nothing decided: green over nothing is not green."""
        return [
            (cell, one)
            for cell in self.cells
            for one in self.specification.requirements.values()
            if one.binding and self.verdict(cell, one) == Verdict.NOT_DECIDED
        ]

    def fail_the_run(self) -> bool:
        """True when a run whose tests all went as expected fails all the same."""
        nothing = not self._results
        return nothing or bool(self.stale) or bool(self.undecided())


def outcome_of(report: pytest.TestReport, violated: bool) -> Outcome | None:
    """A report's outcome; None for a phase that says nothing."""
    if report.when == "call":
        if report.passed or "[XPASS(strict)]" in str(report.longrepr):
            return Outcome.HELD
        if report.skipped and not hasattr(report, "wasxfail"):
            return Outcome.UNDECIDED
        return Outcome.VIOLATED if violated else Outcome.UNDECIDED
    return None if report.passed else Outcome.UNDECIDED
