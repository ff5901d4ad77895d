"""What a reader is told: of one failure, and of a whole run."""

from __future__ import annotations

import hashlib
import re
import shlex
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from textwrap import shorten

import pytest

from callback_conformance.plugin.cells import Cell
from callback_conformance.plugin.verdicts import Verdict, Verdicts
from callback_conformance.session.session import AppSession
from callback_conformance.spec.specification import Requirement

LAST_EVENTS = 25  # what fits on a screen together with the rest


def explain(
    item: pytest.Item,
    cell: Cell,
    requirements: list[Requirement],
    session: AppSession,
    message: str,
) -> str:
    """The requirement, what was expected and seen, the last events, the program, the command."""
    lines = []
    for one in requirements:
        lines += [f"{one.id} ({one.level}): {one.plain}", f"  source: {one.source}"]
    lines += ["", message.strip() or "(no message)", ""]
    lines += ["last events:", session.timeline.last(LAST_EVENTS), ""]
    for program in session.keep_programs(place) if (place := _kept(item)) else ():
        lines.append(f"native app (run it with the implementation's python): {program}")
    lines.append(f"run this test again: {command(item, cell)}")
    for app in session.apps:
        if printed := app.log_tail(15):
            lines += ["", "the app printed last:", printed]
    return "\n".join(lines)


def command(item: pytest.Item, cell: Cell) -> str:
    """What runs this test again, and no other."""
    return f"pytest {_named(item)} {cell.options}"


def _named(item: pytest.Item) -> str:
    """A test as a command line names it: by its file, or, where the suite was named as a package, so too."""
    if not item.config.option.pyargs:
        return shlex.quote(item.nodeid)
    module: str = item.module.__name__  # type: ignore[attr-defined]
    test = item.nodeid.partition("::")[2]
    return f"--pyargs {shlex.quote(f'{module}::{test}')}"


def _kept(item: pytest.Item) -> Path | None:
    """Where a failing test's program is kept: a folder for each test, in pytest's cache, if it has one."""
    readable = re.sub(r"[^\w.-]+", "-", item.name).strip("-")
    name = f"{readable}-{hashlib.sha256(item.nodeid.encode()).hexdigest()[:6]}"
    cache: pytest.Cache | None = getattr(item.config, "cache", None)
    try:
        return Path(cache.mkdir("conformance")) / name if cache else None
    except OSError:  # the folder of the run cannot be written to
        return None


def summary(verdicts: Verdicts, each: bool) -> Iterator[str]:
    """The verdicts of each cell, counted for each chapter; ``each``: and one for each requirement."""
    for cell in verdicts.cells:
        yield from _each(verdicts, cell) if each else ()
        yield ""
        yield f"{cell.id} ({cell.implementation.name} {cell.version})"
        yield f"  {'chapter':<34}" + "".join(f"{verdict:>16}" for verdict in _columns(verdicts))
        for number, title in verdicts.specification.chapters.items():
            found = verdicts.specification.of_chapter(number)
            if found:
                yield f"  {number:>2} {title:<31}" + _counts(verdicts, cell, found)
        whole = list(verdicts.specification.requirements.values())
        yield f"  {'':>2} {'all':<31}" + _counts(verdicts, cell, whole)
        yield from _listed(verdicts, cell)
        yield from _census(verdicts, cell)
    for stale in verdicts.stale:
        yield f"  an entry of expected/ that no test has shown, and so the run fails: {stale}"
    if verdicts.seconds:
        share = verdicts.subject_seconds / verdicts.seconds
        yield f"  {verdicts.seconds:.1f} s in tests, {share:.0%} of it where time is the subject"


def _each(verdicts: Verdicts, cell: Cell) -> Iterator[str]:
    yield ""
    for one in verdicts.specification.requirements.values():
        verdict = verdicts.verdict(cell, one)
        if verdict != Verdict.NOT_APPLICABLE:
            yield f"  {verdict:<12} {one.id:<11} {shorten(one.plain, 100)}"


def _census(verdicts: Verdicts, cell: Cell) -> Iterator[str]:
    seen = {topic: what for (name, topic), what in verdicts.census.items() if name == cell.id}
    if seen:
        yield "  left to the implementation, and observed:"
    for topic, what in seen.items():
        yield f"    {topic}: {what}"


def _columns(verdicts: Verdicts) -> list[Verdict]:
    return [v for v in Verdict if v != Verdict.NOT_SELECTED or verdicts.narrowed]


def _counts(verdicts: Verdicts, cell: Cell, requirements: list[Requirement]) -> str:
    counted = Counter(verdicts.verdict(cell, one) for one in requirements)
    return "".join(f"{counted[verdict] or '.':>16}" for verdict in _columns(verdicts))


def _listed(verdicts: Verdicts, cell: Cell) -> Iterator[str]:
    undecided = []
    for one in verdicts.specification.requirements.values():
        verdict = verdicts.verdict(cell, one)
        if verdict == Verdict.VIOLATED:
            deviations = {r.deviation for r in verdicts.results(cell, one) if r.deviation}
            known = ", ".join(sorted(deviations)) if verdicts.known(cell, one) else "NEW"
            yield f"  violated: {one.id:<11} {known}"
        elif verdict == Verdict.NOT_DECIDED and one.binding:
            undecided.append(one.id)
    left_out: dict[str, list[str]] = {}
    for one in verdicts.specification.requirements.values():
        if reason := verdicts.reason(cell, one):
            left_out.setdefault(reason, []).append(one.id)
    for reason, ids in left_out.items():
        yield f"  not applicable: {', '.join(ids)} ({reason})"
    if undecided:
        yield f"  not decided, and so the run fails: {', '.join(undecided)}"
    if cell.backend.third_party:
        yield from _beside_the_releases_own(verdicts, cell)


def _beside_the_releases_own(verdicts: Verdicts, cell: Cell) -> Iterator[str]:
    """How anyone's own backend compares with those of the release."""
    name = cell.implementation.name
    found = {
        one.id: {result.deviation for result in verdicts.results(cell, one) if result.deviation}
        for one in verdicts.specification.requirements.values()
    }
    violated = {
        one.id
        for one in verdicts.specification.requirements.values()
        if verdicts.verdict(cell, one) == Verdict.VIOLATED
    }
    if any(found[id] for id in violated):
        yield f"  a violation with a name is {name}'s with its own backends, too: deviations/ tells of it"
    if better := [id for id, deviations in found.items() if deviations and id not in violated]:
        yield f"  better than {name} with its own backends: {', '.join(better)}"
