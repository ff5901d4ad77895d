"""From what pytest reports of one test to its outcome, and to what its reader sees."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import cast

import pytest

from callback_conformance import spec
from callback_conformance.page.events import LAST_ANSWER
from callback_conformance.plugin import rerun
from callback_conformance.plugin.next_steps import next_steps
from callback_conformance.processes.trouble import shortage
from callback_conformance.results.failure import Failure
from callback_conformance.results.json_file import as_form
from callback_conformance.results.known_failures import KnownFailure
from callback_conformance.results.outcome import Outcome
from callback_conformance.session.cell import Cell
from callback_conformance.session.open_page import OpenPage
from callback_conformance.session.recorder import explain, record
from callback_conformance.session.session import Inexpressible
from callback_conformance.spec import Requirement

#: The report's property in which the facts of a test travel, as JSON, also between processes.
PROPERTY = "conformance"

#: The attribute of a failing test's report that holds its Failure, as plain data. It is not a property, because
#: JUnit's file would repeat it.
FAILURE = "conformance_failure"

NOT_OBSERVED = "could not be observed"


@dataclass
class ItemState:
    """What the plugin knows of a collected test."""

    cell: Cell
    #: The requirements that it decides on the cell; empty for an observation.
    requirements: list[Requirement]
    known_failure: KnownFailure | None = None
    open_page: OpenPage | None = None
    #: What an observation has seen.
    seen: str = NOT_OBSERVED


STATE = pytest.StashKey[ItemState]()


@dataclass(frozen=True)
class CaseFacts:
    """A test that decides requirements. It has an outcome once it has run."""

    cell: str
    test: str
    #: The ids of those that it covers in the cell's dialect.
    requirements: tuple[str, ...]
    deviation: str | None = None
    outcome: Outcome | None = None
    message: str = ""


@dataclass(frozen=True)
class ObservationFacts:
    """A test that observes implementation-defined behaviour; ``seen`` is set once it has run."""

    cell: str
    topic: str
    seen: str | None = None


Facts = CaseFacts | ObservationFacts


def facts_property(facts: Facts) -> tuple[str, object]:
    """The facts of a test, as a property of its reports."""
    return PROPERTY, json.dumps(dataclasses.asdict(facts))


def facts_of(report: pytest.TestReport) -> Facts | None:
    """The facts of a report's test; None for a test that is not the suite's."""
    return facts_in(report.user_properties)


def facts_in(properties: Iterable[tuple[str, object]]) -> Facts | None:
    """The facts among the properties of a test."""
    text = next((text for name, text in properties if name == PROPERTY), None)
    if not text:
        return None
    data = json.loads(str(text))
    form = ObservationFacts if "topic" in data else CaseFacts
    return cast(Facts, as_form(data, form, PROPERTY))


def failure_of(report: pytest.TestReport) -> Failure | None:
    """What the page of a failing test shows."""
    data = getattr(report, FAILURE, None)
    return cast(Failure, as_form(data, Failure, FAILURE)) if data else None


def decide(
    item: pytest.Item, call: pytest.CallInfo[None], report: pytest.TestReport, strict_should: bool
) -> None:
    """Note the outcome of a test in its report, and what a reader needs to know of a failure."""
    state = item.stash[STATE]
    expected, message = state.known_failure, str(call.excinfo.value) if call.excinfo else ""
    violated = call.excinfo is not None and call.excinfo.errisinstance(AssertionError)
    if violated and (cause := _trouble(state, message)):
        violated, message = False, f"not decided, because of: {cause}\n{message}"
        _fail(report, message)
    if call.excinfo and (ids := getattr(call.excinfo.value, "requirements", ())):
        _name_requirements(state, report, ids)
    if call.excinfo and call.excinfo.errisinstance(Inexpressible) and state.cell.spec.bound_as:
        _leave_out(report, message)
        return
    outcome = outcome_of(report, violated)
    if outcome is None:
        return
    if outcome == Outcome.HELD and expected and _is_violated_anyway(expected, state.cell):
        outcome, message = (
            Outcome.VIOLATED,
            f"held in this run, by chance; otherwise: {expected.seen}",
        )
    trace = str(report.longrepr or "")
    facts = replace(cast(CaseFacts, facts_of(report)), outcome=outcome, message=message)
    if outcome == Outcome.VIOLATED and not _is_the_known_failure(expected, report, message):
        facts = replace(facts, deviation=None)
    _replace(report, facts)
    if outcome != Outcome.HELD:
        _record(item, state, report, message, trace)
    is_should = bool(state.requirements) and not any(r.binding for r in state.requirements)
    if outcome == Outcome.VIOLATED and report.failed and is_should and not strict_should:
        _excuse(report, "violates a SHOULD")


def _name_requirements(state: ItemState, report: pytest.TestReport, ids: tuple[str, ...]) -> None:
    """The failure itself says which requirements it violates, if the specification has them."""
    requirements = spec.load().requirements
    if all(id in requirements for id in ids):
        state.requirements = [requirements[id] for id in ids]
        _replace(report, replace(cast(CaseFacts, facts_of(report)), requirements=ids))


def note_observation(item: pytest.Item, report: pytest.TestReport) -> None:
    """Note what an observation has seen; one that could not be made fails nothing."""
    if report.failed:
        _excuse(report, NOT_OBSERVED)
    if report.when == "call":
        facts = cast(ObservationFacts, facts_of(report))
        _replace(report, replace(facts, seen=item.stash[STATE].seen))


def _trouble(state: ItemState, message: str) -> str:
    """What failed beside the implementation, so that the test decides nothing; "" if nothing did."""
    session = state.open_page.session if state.open_page else None
    return shortage(message) or (session.trouble() if session else "")


def _fail(report: pytest.TestReport, message: str) -> None:
    """Fail a test, also one that was expected to fail: this is not the failure that was expected."""
    if hasattr(report, "wasxfail"):
        del report.wasxfail
    report.outcome = "failed"
    report.longrepr = f"{report.longrepr or ''}\n{message}".lstrip()


def _is_violated_anyway(expected: KnownFailure, cell: Cell) -> bool:
    """True where a run in which the test held disproves nothing: the reproducer shows the failure each time."""
    return expected.chance and not cell.identity.may_do_better


def _record(
    item: pytest.Item, state: ItemState, report: pytest.TestReport, message: str, trace: str
) -> None:
    """Add what the failure's page shows, and the section that pytest prints."""
    command = rerun.command(item, state.cell.spec)
    session = state.open_page.session if state.open_page else None
    failure = record(item.nodeid, message, trace, command, session)
    setattr(report, FAILURE, dataclasses.asdict(failure))
    if session:
        folder = rerun.program_folder(item)
        text = explain(state.requirements, message, session, command, folder)
        facts = cast(CaseFacts, facts_of(report))
        if facts.outcome == Outcome.VIOLATED and not facts.deviation:
            steps = next_steps(state.cell, state.requirements, facts.test, message)
            text = "\n".join([text, "", "what to do:", *steps])
        report.sections.append(("conformance", text))


def _is_the_known_failure(
    expected: KnownFailure | None, report: pytest.TestReport, message: str
) -> bool:
    """False for a failure that is not recorded: it fails the run like any new one."""
    seen, _, _ = message.partition(LAST_ANSWER)  # which may hold any words
    if expected is None or expected.seen in seen:
        return expected is not None
    report.outcome = "failed"
    del report.wasxfail
    report.longrepr = f"not the known failure {expected.deviation}, which shows: {expected.seen}"
    return False


def _leave_out(report: pytest.TestReport, reason: str) -> None:
    """Skip a test whose program cannot be written in a dialect of the implementation's own."""
    report.outcome = "skipped"
    report.longrepr = (report.location[0], report.location[1] or 0, f"Skipped: {reason}")
    facts = cast(CaseFacts, facts_of(report))
    _replace(report, replace(facts, outcome=Outcome.INEXPRESSIBLE, message=reason))


def _excuse(report: pytest.TestReport, why: str) -> None:
    """Show a failure without failing the run, as an expected one."""
    report.outcome = "skipped"
    report.wasxfail = why


def _replace(report: pytest.TestReport, facts: Facts) -> None:
    others = [pair for pair in report.user_properties if pair[0] != PROPERTY]
    report.user_properties = [*others, facts_property(facts)]


def outcome_of(report: pytest.TestReport, violated: bool) -> Outcome | None:
    """A report's outcome; None for a phase that decides nothing."""
    if report.when == "call":
        if report.passed or "[XPASS(strict)]" in str(report.longrepr):
            return Outcome.HELD
        if report.skipped and not hasattr(report, "wasxfail"):
            return Outcome.UNDECIDED
        return Outcome.VIOLATED if violated else Outcome.UNDECIDED
    return None if report.passed else Outcome.UNDECIDED
