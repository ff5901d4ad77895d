"""The model in a run of the suite: a few sequences, and a test that fails by what is new."""

from __future__ import annotations

from callback_conformance import spec
from callback_conformance.control.violation import Violation
from callback_conformance.explore.cell import explore, stage_of
from callback_conformance.explore.findings import Findings, reduced
from callback_conformance.explore.printing import explained
from callback_conformance.model.rules import UNCOVERED
from callback_conformance.results.known_failures import KnownFailures
from callback_conformance.session.cell import Cell
from callback_conformance.session.open_page import OpenPage

REDUCE_SECONDS = 20.0  # for the first difference alone: a run of the suite must come to its end


def check(
    open_page: OpenPage, cell: Cell, known_failures: KnownFailures, sequences: int, seed: int
) -> None:
    """Play so many sequences. Raises Violation, which names its requirement, by the first new difference."""
    specification = spec.load()
    stage = stage_of(cell, open_page, known_failures, specification)
    findings = Findings(known_failures.deviations(cell.identity))
    explore(cell, stage, findings, sequences, seed, waits=False)
    new = [f for f in findings.new if f.difference.requirement != UNCOVERED]
    if not new:
        return
    finding = reduced(stage, new[0], REDUCE_SECONDS)
    if any(map(findings.is_known, finding.beside)):
        return  # it may be no more than what a known violation has led to
    open_page.begin_anew()
    stage.play(finding.plan, open_page.session)  # its timeline and its program stand in the report
    violation = Violation("\n".join(explained(finding, cell, specification)))
    violation.requirements = (finding.difference.requirement,)
    raise violation
