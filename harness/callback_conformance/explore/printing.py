"""What was found, for its reader."""

from __future__ import annotations

from collections.abc import Iterator

from callback_conformance.explore.findings import Finding, Findings
from callback_conformance.explore.plan import built
from callback_conformance.explore.source import as_test
from callback_conformance.model.rules import UNCOVERED
from callback_conformance.session.cell import Cell
from callback_conformance.spec import Specification


def printed(findings: Findings, cell: Cell, specification: Specification) -> Iterator[str]:
    """The list of what is known, and all about what is new."""
    explained_by_ledger, new = findings.known_findings, findings.new
    yield (
        f"{cell.id}: {findings.sequences} sequences, {findings.differences} differences: "
        f"{len(explained_by_ledger)} requirements whose violation is known, {len(new)} new"
    )
    for finding in explained_by_ledger:
        requirement = finding.difference.requirement
        yield f"  known  {requirement}: {', '.join(sorted(findings.deviations[requirement]))}"
    for finding in new:
        yield ""
        yield from explained(finding, cell, specification)


def explained(finding: Finding, cell: Cell, specification: Specification) -> Iterator[str]:
    """The requirement, the difference, the test and the native app."""
    difference = finding.difference
    if difference.requirement == UNCOVERED:
        yield "New, and no requirement says what holds:"
    else:
        requirement = specification.requirements[difference.requirement]
        yield f"{requirement.id} ({requirement.level}): {requirement.plain}"
        yield f"  source: {requirement.source}"
    yield f"  {difference}"
    if finding.beside:
        yield f"  seen only beside violations of {', '.join(sorted(finding.beside))}"
    dialect, backend = cell.spec.dialect, cell.backend.name
    yield from ("", as_test(finding.plan, difference, dialect), "", "native app:")
    yield cell.adapter.render(built(finding.plan.features), dialect, backend)
