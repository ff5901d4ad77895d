"""From what pytest reports of one test to its outcome, and to what its reader is told."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from callback_conformance.plugin import reporting
from callback_conformance.plugin.cells import Cell
from callback_conformance.plugin.expected import KnownFailure
from callback_conformance.plugin.fixtures import OPEN_PAGE, SEEN
from callback_conformance.plugin.verdicts import Outcome, outcome_of
from callback_conformance.report.failure import record
from callback_conformance.spec.specification import Requirement

KNOWN = pytest.StashKey[KnownFailure]()

#: The report's property in which what is known of a test travels, as JSON, also between processes.
PROPERTY = "conformance"

#: The attribute of a failing test's report that holds what its page shows (``record``). It is no property,
#: because JUnit's file would repeat it.
FAILURE = "conformance_failure"


def facts_property(facts: Mapping[str, Any]) -> tuple[str, object]:
    """What is known of a test, as a property of its reports."""
    return PROPERTY, json.dumps(facts)


def facts_of(report: pytest.TestReport) -> dict[str, Any]:
    """What is known of the test of a report; empty for a test that judges nothing."""
    found: dict[str, Any] = json.loads(str(dict(report.user_properties).get(PROPERTY, "{}")))
    return found


def judge(
    item: pytest.Item,
    call: pytest.CallInfo[None],
    report: pytest.TestReport,
    cell: Cell,
    requirements: Sequence[Requirement],
) -> None:
    """Note the outcome of a test in its report, and what a reader needs to know of a failure."""
    violated = call.excinfo is not None and call.excinfo.errisinstance(AssertionError)
    outcome = outcome_of(report, violated)
    if outcome is None:
        return
    message = str(call.excinfo.value) if call.excinfo else ""
    known = item.stash.get(KNOWN, None)
    if outcome == Outcome.HELD and known and known.chance and not cell.backend.third_party:
        # What comes by chance is not disproved by a run without it; its reproducer proves it each time.
        outcome, message = Outcome.VIOLATED, f"held in this run, by chance; otherwise: {known.seen}"
    trace = str(report.longrepr or "")
    facts = {**facts_of(report), "outcome": outcome.value, "message": message}
    if outcome == Outcome.VIOLATED and not _is_the_known_failure(known, report, message):
        facts["deviation"] = ""
    _replace(report, facts)
    opened = item.stash.get(OPEN_PAGE, None)
    if outcome != Outcome.HELD:
        command = reporting.command(item, cell)
        told = record(item.nodeid, message, trace, command, opened.session if opened else None)
        setattr(report, FAILURE, told)
    if outcome != Outcome.HELD and opened:
        text = reporting.explain(item, cell, list(requirements), opened.session, message)
        report.sections.append(("conformance", text))
    if outcome == Outcome.VIOLATED and report.failed and _is_lenient(item, requirements):
        _excuse(report, "violates a SHOULD")


def note_observation(item: pytest.Item, report: pytest.TestReport) -> None:
    """An observation fails nothing; one that could not be made says so."""
    if report.failed:
        _excuse(report, "could not be observed")
    if report.when == "call":
        _replace(
            report, {**facts_of(report), "seen": item.stash.get(SEEN, "could not be observed")}
        )


def _is_the_known_failure(
    known: KnownFailure | None, report: pytest.TestReport, message: str
) -> bool:
    """False for a failure that the ledger does not know: then it fails the run like any new one."""
    if known is None or known.seen in message:
        return known is not None
    report.outcome = "failed"
    del report.wasxfail
    report.longrepr = f"not the known failure {known.deviation}, which shows: {known.seen}"
    return False


def _is_lenient(item: pytest.Item, requirements: Sequence[Requirement]) -> bool:
    strict = item.config.getoption("--strict-should")
    return not strict and not any(one.binding for one in requirements)


def _excuse(report: pytest.TestReport, why: str) -> None:
    """Let a failure be seen without failing the run, as an expected one."""
    report.outcome = "skipped"
    report.wasxfail = why


def _replace(report: pytest.TestReport, facts: Mapping[str, Any]) -> None:
    others = [pair for pair in report.user_properties if pair[0] != PROPERTY]
    report.user_properties = [*others, facts_property(facts)]
