"""A folder of runs as values: columns (cells of a matrix), what was found in each, and the ledger."""

from __future__ import annotations

import json
import re
import shlex
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import Any

from packaging.version import InvalidVersion, Version

from callback_conformance.adapters import UnknownImplementation, find
from callback_conformance.ledger import LEDGER, Deviation, read_ledger
from callback_conformance.plugin.verdicts import Verdict
from callback_conformance.spec.specification import DIALECTS, Requirement, Specification, load

RUN, CELL = "report.json", "cell.json"
RAN = "ran"
NOTHING_TOLD: Mapping[str, Any] = {"trace": "", "command": "", "events": (), "programs": ()}


class NoRuns(ValueError):
    """A folder holds nothing that a report could be made of; the message says what was expected."""


class Mark(Enum):
    """What stands in a square of the matrix: a letter for its class, a symbol, and its words."""

    VERIFIED = ("v", "✓", "verified")
    NEW = ("w", "‼", "violated, new")
    VIOLATED = ("x", "✗", "violated")
    NOT_DECIDED = ("u", "?", "not decided")
    NOT_APPLICABLE = ("n", "·", "not applicable")
    NOT_SELECTED = ("s", "…", "not selected")
    NOT_RUN = ("m", "∅", "did not run")

    def __init__(self, letter: str, symbol: str, words: str) -> None:
        self.letter = letter
        self.symbol = symbol
        self.words = words

    @property
    def fails(self) -> bool:
        """True for what has a page of its own."""
        return self in (Mark.VIOLATED, Mark.NEW, Mark.NOT_DECIDED)


@dataclass(frozen=True)
class Test:
    """One test's outcome, and what is to be shown of it if it failed."""

    name: str
    outcome: str
    message: str
    deviation: str
    failure: Mapping[str, Any]


@dataclass(frozen=True)
class Pair:
    """A requirement in a cell: its mark, the tests that did not hold, and the ``reason`` why it does not apply to
    the cell's backend although it binds the dialect."""

    requirement: Requirement
    mark: Mark
    tests: tuple[Test, ...] = ()
    reason: str = ""

    @property
    def listed(self) -> bool:
        """False for what the dialect does not have: nobody looks for it there."""
        return self.mark != Mark.NOT_APPLICABLE or bool(self.reason)

    @property
    def deviations(self) -> tuple[str, ...]:
        """The known deviations that it shows."""
        return tuple(sorted({test.deviation for test in self.tests if test.deviation}))


@dataclass(frozen=True)
class Column:
    """A cell of the matrix: what was asked for, and, if it ran, what was found of each requirement.

    ``slug`` names its files; ``versions`` are those of the distributions, the implementation's first.
    """

    id: str
    slug: str
    asked: str
    implementation: str
    version: str
    dialect: str
    backend: str
    driver: str
    versions: Mapping[str, str]
    state: str
    reason: str
    seconds: float | None
    started: str
    command: str
    specification: str
    pairs: Mapping[str, Pair]
    census: Mapping[str, str] = field(default_factory=dict)

    @property
    def ran(self) -> bool:
        """True when there are verdicts."""
        return self.state == RAN

    @property
    def title(self) -> str:
        """All that tells it from others."""
        return " · ".join((f"{self.implementation} {self.version}".strip(), *self.rest))

    @property
    def rest(self) -> tuple[str, ...]:
        """What tells it from others of the same release; the usual driver goes without saying."""
        driver = () if self.driver in ("wire", "") else (self.driver,)
        return tuple(filter(None, (self.dialect, self.backend, *driver)))

    def counts(self, requirements: Sequence[Requirement]) -> Counter[Mark]:
        """How many of these requirements have which mark."""
        return Counter(self.pairs[one.id].mark for one in requirements)

    @property
    def failing(self) -> list[Pair]:
        """The pairs that have a page."""
        return [pair for pair in self.pairs.values() if pair.mark.fails]


@dataclass(frozen=True)
class Matrix:
    """Everything that a report shows."""

    specification: Specification
    columns: tuple[Column, ...]
    ledger: Mapping[str, Deviation]

    @property
    def chapters(self) -> list[tuple[int, str, list[Requirement]]]:
        """The chapters that have requirements: number, title, requirements."""
        found = self.specification
        all_ = (
            (number, title, found.of_chapter(number)) for number, title in found.chapters.items()
        )
        return [one for one in all_ if one[2]]

    @property
    def requirements(self) -> list[Requirement]:
        """All requirements, in order."""
        return list(self.specification.requirements.values())

    def where(self, deviation: str) -> list[tuple[Column, list[Pair]]]:
        """The cells that show a deviation, each with the pairs that do."""
        found = ((c, [p for p in c.failing if deviation in p.deviations]) for c in self.columns)
        return [one for one in found if one[1]]

    @property
    def groups(self) -> list[tuple[str, str, list[Column]]]:
        """The columns of each implementation and dialect."""
        found = groupby(self.columns, lambda one: (one.implementation, one.dialect))
        return [(*names, list(these)) for names, these in found]


def pair_page(column: Column, requirement: Requirement) -> str:
    """The page of a failing pair, from the report's folder."""
    return f"pairs/{column.slug}/{requirement.id}.html"


def read(folder: Path) -> Matrix:
    """Read a matrix's folder, or one with the report of a single run. Raises NoRuns."""
    specification = load()
    found = sorted(_columns(folder, specification), key=_order)
    if not found:
        raise NoRuns(
            f"{folder} holds neither {RUN} (written by `pytest conformance --report={folder}`) nor "
            f"cells/*/{RUN} or cells/*/{CELL} (written by the matrix): there is nothing to report"
        )
    ledger = {one.id: one for one in read_ledger(LEDGER)} if LEDGER.exists() else {}
    return Matrix(specification, tuple(found), ledger)


def _columns(folder: Path, specification: Specification) -> Iterator[Column]:
    places = [place for place in sorted((folder / "cells").glob("*")) if place.is_dir()]
    for place in places or [folder]:
        about = _json(place / CELL)
        report = _json(place / RUN)
        if report and about.get("state", RAN) == RAN:
            yield from (_ran(cell, report, about, specification) for cell in report["cells"])
        elif about:
            yield _did_not_run(place.name, about, specification)


def _json(file: Path) -> dict[str, Any]:
    if not file.exists():
        return {}
    try:
        found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise NoRuns(
            f"{file} is no JSON ({error}): run its cell again, or remove its folder"
        ) from None
    return found


def _ran(
    cell: Mapping[str, Any],
    report: Mapping[str, Any],
    about: Mapping[str, Any],
    specification: Specification,
) -> Column:
    name = cell["implementation"]
    return Column(
        id=cell["id"],
        slug=slug(cell["id"]),
        asked=cell["asked"],
        implementation=name,
        version=next(iter(cell["versions"].values()), "") if _released(name) else "",
        dialect=cell["dialect"],
        backend=cell["backend"],
        driver=cell["driver"],
        versions=cell["versions"],
        state=RAN,
        reason="",
        seconds=about.get("seconds", report.get("seconds")),
        started=report.get("started", ""),
        command=_command(about.get("command") or report["environment"]["command"]),
        specification=report["specification"],
        pairs={one.id: _pair(one, cell) for one in specification.requirements.values()},
        census=cell.get("census", {}),
    )


def _released(implementation: str) -> bool:
    """False for what is a part of this project: its version says nothing."""
    try:
        return find(implementation).released
    except UnknownImplementation:
        return True


def _did_not_run(id: str, about: Mapping[str, Any], specification: Specification) -> Column:
    name, _, version = about["asked"].partition("@")
    marks = {
        one.id: Pair(one, Mark.NOT_RUN if about["dialect"] in one.dialects else Mark.NOT_APPLICABLE)
        for one in specification.requirements.values()
    }
    return Column(
        id=id,
        slug=slug(id),
        asked=about["asked"],
        implementation=name,
        version=version,
        dialect=about["dialect"],
        backend=about["backend"],
        driver=about.get("driver", "wire"),
        versions={},
        state=about["state"],
        reason=about.get("reason", ""),
        seconds=about.get("seconds"),
        started="",
        command=_command(about.get("command", "")),
        specification=specification.hash,
        pairs=marks,
    )


def _command(words: str | Sequence[str]) -> str:
    return words if isinstance(words, str) else shlex.join(words)


def _pair(requirement: Requirement, cell: Mapping[str, Any]) -> Pair:
    found = cell["requirements"].get(requirement.id)
    if found is None:  # the run was made with a specification that did not have it
        return Pair(requirement, Mark.NOT_SELECTED)
    failures = cell.get("failures", {})
    tests = tuple(
        Test(
            name=test["name"],
            outcome=test["outcome"],
            message=test["message"],
            deviation=test["deviation"] or "",
            failure={**NOTHING_TOLD, **failures.get(test["name"], {})},
        )
        for test in found["tests"]
        if test["outcome"] != "held"
    )
    return Pair(requirement, _mark(found["verdict"], tests), tests, found["reason"] or "")


def _mark(verdict: str, tests: Sequence[Test]) -> Mark:
    if verdict == Verdict.VIOLATED:
        known = all(test.deviation for test in tests if test.outcome == "violated")
        return Mark.VIOLATED if known else Mark.NEW
    return Mark[Verdict(verdict).name]


def slug(id: str) -> str:
    """A name of a file that needs no escape in an address or a query; ids that look alike in it stay apart."""
    plain = re.sub(r"[^\w.@+-]+", "-", id, flags=re.ASCII)
    apart = plain if plain == id else f"{plain}-{sha256(id.encode()).hexdigest()[:6]}"
    return apart.replace("+", "~")  # which a query would take for a space


def _order(column: Column) -> tuple[object, ...]:
    """Ours first, then by implementation and dialect, the newest version first."""
    try:
        version: tuple[int, ...] = Version(column.version).release
    except InvalidVersion:
        version = ()
    return (
        _released(column.implementation),
        column.implementation,
        DIALECTS.index(column.dialect) if column.dialect in DIALECTS else len(DIALECTS),
        [-part for part in version],
        column.backend,
        column.driver,
        column.id,
    )
