"""The summary of a run as lines of text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from callback_conformance.results.cell import CellIdentity
from callback_conformance.results.verdict import Verdict, Verdicts
from callback_conformance.results.wording import wrapped
from callback_conformance.spec import Requirement


def summary(verdicts: Verdicts, details: bool, list_each: bool) -> Iterator[str]:
    """The verdicts of each cell: what is new or not decided, which fails the run. With ``details`` also the numbers by
    chapter, all that is violated, what does not apply and what was observed; with ``list_each`` a line for each requirement."""
    for cell in verdicts.cells:
        yield from _each(verdicts, cell) if list_each else ()
        if details or list_each:
            yield from _numbers(verdicts, cell)
        yield from _violated(verdicts, cell, details)
        if details:
            yield from _basis(verdicts, cell)
            yield from _not_applicable(verdicts, cell)
        yield from _undecided(verdicts, cell)
        if cell.may_do_better:
            yield from _beside_the_releases_own(verdicts, cell)
        if details:
            yield from _observations(verdicts, cell)
    if verdicts.test_seconds and details:
        share = verdicts.time_test_seconds / verdicts.test_seconds
        yield f"  {verdicts.test_seconds:.1f} s in tests, {share:.0%} of it where time is the subject"


def violated_shoulds(verdicts: Verdicts, strict_should: bool) -> str:
    """How many SHOULDs are violated, as the last line of a run, which may be green all the same; "" if none is."""
    violated = {
        requirement.id
        for cell in verdicts.cells
        for requirement in verdicts.with_verdict(cell, Verdict.VIOLATED)
        if not requirement.binding
    }
    if not violated:
        return ""
    counted = (
        "1 SHOULD is violated" if len(violated) == 1 else f"{len(violated)} SHOULDs are violated"
    )
    return counted if strict_should else f"{counted}, which fails a run only with --strict-should"


def _each(verdicts: Verdicts, cell: CellIdentity) -> Iterator[str]:
    yield ""
    for requirement in verdicts.specification.requirements.values():
        verdict = verdicts.verdict(cell, requirement)
        if verdict != Verdict.NOT_APPLICABLE:
            line = f"{verdict:<12} {requirement.id:<11} {requirement.plain}"
            yield from wrapped(line, "  ", " " * 25)


def _numbers(verdicts: Verdicts, cell: CellIdentity) -> Iterator[str]:
    """How many requirements of each chapter have which verdict. A verdict of two words has two lines."""
    yield ""
    yield f"{cell.id} ({cell.implementation} {cell.version})"
    heads = [verdict.split() for verdict in _columns(verdicts)]
    yield f"  {'':<34}" + "".join(f"{'' if len(words) < 2 else words[0]:>11}" for words in heads)
    yield f"  {'chapter':<34}" + "".join(f"{words[-1]:>11}" for words in heads)
    for number, title in verdicts.specification.chapters.items():
        if requirements := verdicts.specification.of_chapter(number):
            yield f"  {number:>2} {title:<31}" + _counts(verdicts, cell, requirements)
    everything = list(verdicts.specification.requirements.values())
    yield f"  {'':>2} {'all':<31}" + _counts(verdicts, cell, everything)


def _columns(verdicts: Verdicts) -> list[Verdict]:
    """The columns: four fit a terminal, and those that are not selected are the rest."""
    last = Verdict.NOT_SELECTED if verdicts.narrowed else Verdict.NOT_APPLICABLE
    return [Verdict.VERIFIED, Verdict.VIOLATED, last, Verdict.NOT_DECIDED]


def _counts(verdicts: Verdicts, cell: CellIdentity, requirements: Sequence[Requirement]) -> str:
    counted = Counter(verdicts.verdict(cell, requirement) for requirement in requirements)
    return "".join(f"{counted[verdict] or '.':>11}" for verdict in _columns(verdicts))


def _violated(verdicts: Verdicts, cell: CellIdentity, list_known: bool) -> Iterator[str]:
    """The violations that are new, and with ``list_known`` all."""
    for requirement in verdicts.with_verdict(cell, Verdict.VIOLATED):
        is_new = verdicts.has_new_violation(cell, requirement)
        why = "NEW" if is_new else ", ".join(sorted(verdicts.deviations(cell, requirement)))
        if is_new or list_known:
            yield from wrapped(f"violated: {requirement.id:<11} {why}", "  ")


def _basis(verdicts: Verdicts, cell: CellIdentity) -> Iterator[str]:
    counted = verdicts.violated_by_basis(cell)
    if any(counted.values()):
        by_basis = ", ".join(f"{number} {basis}" for basis, number in counted.items())
        yield from wrapped(f"violated, by what they rest on: {by_basis}", "  ")


def _not_applicable(verdicts: Verdicts, cell: CellIdentity) -> Iterator[str]:
    by_reason: dict[str, list[str]] = {}
    for requirement in verdicts.with_verdict(cell, Verdict.NOT_APPLICABLE):
        if reason := verdicts.reason(cell, requirement):
            by_reason.setdefault(reason, []).append(requirement.id)
    for reason, ids in by_reason.items():
        yield from wrapped(f"not applicable: {', '.join(ids)} ({reason})", "  ")


def _undecided(verdicts: Verdicts, cell: CellIdentity) -> Iterator[str]:
    undecided = verdicts.with_verdict(cell, Verdict.NOT_DECIDED)
    if ids := [requirement.id for requirement in undecided if requirement.binding]:
        yield from wrapped(f"not decided, so the run fails: {', '.join(ids)}", "  ")


def _observations(verdicts: Verdicts, cell: CellIdentity) -> Iterator[str]:
    observations = verdicts.observations_of(cell)
    if observations:
        yield "  implementation-defined, and observed:"
    for topic, seen in observations.items():
        yield from wrapped(f"{topic}: {seen}", "    ")


def _beside_the_releases_own(verdicts: Verdicts, cell: CellIdentity) -> Iterator[str]:
    """How a third party's work compares with the release that it builds on."""
    name = cell.known_as if cell.wraps else f"{cell.known_as} with its own backends"
    violated = {requirement.id for requirement in verdicts.with_verdict(cell, Verdict.VIOLATED)}
    expected = {
        requirement.id
        for requirement in verdicts.specification.requirements.values()
        if verdicts.deviations(cell, requirement)
    }
    if expected & violated:
        yield from wrapped(f"violations with a name occur in {name}, too: see deviations/", "  ")
    if better := [id for id in verdicts.specification.requirements if id in expected - violated]:
        yield from wrapped(f"better than {name}: {', '.join(better)}", "  ")
