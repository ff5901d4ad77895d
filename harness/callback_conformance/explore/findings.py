"""What differed in all sequences, by requirement: what is known, and what is new."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from callback_conformance.explore.plan import Plan, Stage, plainer
from callback_conformance.explore.player import Difference


@dataclass(frozen=True)
class Finding:
    """One difference, and the shortest plan that showed it."""

    plan: Plan
    difference: Difference
    #: The requirements that the same plan showed to be violated before, or at the same look.
    beside: frozenset[str] = frozenset()

    @property
    def size(self) -> tuple[int, int, int]:
        """Alone is better than beside others; short is better than long."""
        return len(self.beside), len(self.plan.acts), len(repr(self.plan.features))


@dataclass
class Findings:
    """All that was found on one cell."""

    #: The deviations that are known, by the requirement that they violate.
    deviations: Mapping[str, Iterable[str]]
    sequences: int = 0
    differences: int = 0
    shortest: dict[str, Finding] = field(default_factory=dict)

    def add(self, plan: Plan, differences: Iterable[Difference]) -> None:
        """Take what one sequence has shown."""
        self.sequences += 1
        for finding in findings_in(plan, tuple(differences)):
            self.differences += 1
            requirement = finding.difference.requirement
            shortest = self.shortest.get(requirement)
            if shortest is None or finding.size < shortest.size:
                self.shortest[requirement] = finding

    def is_known(self, requirement: str) -> bool:
        """Whether the ledger knows that a requirement is violated."""
        return bool(self.deviations.get(requirement))

    @property
    def new(self) -> list[Finding]:
        """What the ledger does not explain."""
        return [finding for id, finding in sorted(self.shortest.items()) if not self.is_known(id)]

    @property
    def known_findings(self) -> list[Finding]:
        """What it explains."""
        return [finding for id, finding in sorted(self.shortest.items()) if self.is_known(id)]


def findings_in(plan: Plan, differences: tuple[Difference, ...]) -> list[Finding]:
    """The differences of one sequence, each with the acts that led to it."""
    return [
        Finding(
            replace(plan, acts=plan.acts[: difference.step]),
            difference,
            frozenset(
                other.requirement
                for other in differences
                if other.step <= difference.step and other.requirement != difference.requirement
            ),
        )
        for difference in differences
    ]


def reduced(stage: Stage, finding: Finding, seconds: float) -> Finding:
    """A shorter plan with a plainer scenario that shows the same requirement violated, as far as ``seconds`` allow."""
    give_up = time.monotonic() + seconds
    smallest, is_smaller = finding, True
    while is_smaller:
        is_smaller = False
        for plan in _smaller(smallest.plan):
            if time.monotonic() > give_up:
                return smallest
            candidate = _shown(stage, plan, finding.difference.requirement)
            if candidate and candidate.size < smallest.size:
                smallest, is_smaller = candidate, True
                break
    return smallest


def _shown(stage: Stage, plan: Plan, requirement: str) -> Finding | None:
    shown = findings_in(*stage.play(plan))
    return next((each for each in shown if each.difference.requirement == requirement), None)


def _smaller(plan: Plan) -> list[Plan]:
    """First without half of the acts, then without each; then with a plainer scenario."""
    acts = plan.acts
    half = len(acts) // 2
    shorter = [acts[half:], acts[:half]] if half > 1 else []
    shorter += [acts[:number] + acts[number + 1 :] for number in range(len(acts))]
    plans = [replace(plan, acts=fewer) for fewer in shorter]
    return [*(replace(plan, features=features) for features in plainer(plan.features)), *plans]
