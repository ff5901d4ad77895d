"""Known failures of releases, as data: which test fails, on which versions, by which deviation."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import pytest
from packaging.specifiers import SpecifierSet

from callback_conformance import places
from callback_conformance.ledger import LEDGER, BadEntry, Deviation, read_ledger
from callback_conformance.plugin.cells import Cell
from callback_conformance.spec.specification import Specification

FOLDER = places.KNOWN_FAILURES


@dataclass(frozen=True)
class KnownFailure:
    """One entry: ``test`` fails, and with it ``requirement``, on ``versions`` because of ``deviation``, and
    its message holds what was ``seen``: a failure of another kind is not the known one.
    ``binds`` are the dialects of the requirement; an entry that names ``dialects`` holds for those alone. One that
    names ``backends`` is a failure of those; one that names none is the release's own, and with anyone's backend
    known, too. With ``chance`` the release fails now and then: the requirement is violated all the same, so that
    its verdict does not flicker."""

    requirement: str
    test: str
    versions: str
    seen: str
    deviation: str
    title: str
    backends: tuple[str, ...] = ()
    dialects: tuple[str, ...] = ()
    binds: tuple[str, ...] = ()
    chance: bool = False

    def holds_for(self, cell: Cell) -> bool:
        if self.backends and cell.backend.name not in self.backends:
            return False
        if cell.dialect not in (self.dialects or self.binds):
            return False
        return SpecifierSet(self.versions, prereleases=True).contains(cell.version)


@dataclass(frozen=True)
class Expected:
    """The known failures of each implementation."""

    failures: dict[str, tuple[KnownFailure, ...]] = field(default_factory=dict)

    def of(self, cell: Cell, test: str) -> KnownFailure | None:
        """The known failure of a test on a cell."""
        known = self.failures.get(cell.implementation.name, ())
        names = (test, test.partition("[")[0])  # an entry may name one case of a test, or all
        return next((one for one in known if one.test in names and one.holds_for(cell)), None)

    def stale(self, cell: Cell, shown: Collection[str]) -> list[str]:
        """The tests of entries that hold for a cell, and that are none of those ``shown`` to fail. Of anyone's own
        backend nothing is expected: it may do better."""
        if cell.backend.third_party:
            return []
        known = self.failures.get(cell.implementation.name, ())
        names = {*shown, *(test.partition("[")[0] for test in shown)}
        mine = [one for one in known if one.holds_for(cell) and not one.chance]
        return [one.test for one in mine if one.test not in names]


def load_expected(specification: Specification, implementations: Collection[str]) -> Expected:
    """Read the known failures of these implementations. Raises pytest.UsageError for a wrong entry."""
    files = [file for file in sorted(FOLDER.glob("*.toml")) if file.stem in implementations]
    if not files:
        return Expected()
    try:
        ledger = {one.id: one for one in read_ledger(LEDGER)} if LEDGER.exists() else None
    except BadEntry as error:
        raise pytest.UsageError(f"deviations/{error}") from error
    found = {}
    for file in files:
        entries = tomllib.loads(file.read_text(encoding="utf-8")).get("failure", [])
        found[file.stem] = tuple(
            one for entry in entries for one in _read(file.name, entry, specification, ledger)
        )
    return Expected(found)


def _read(
    file: str,
    entry: dict[str, object],
    specification: Specification,
    ledger: dict[str, Deviation] | None,
) -> list[KnownFailure]:
    wanted = {"requirement", "tests", "seen", "versions", "deviation"}
    if not wanted <= set(entry) <= wanted | {"backends", "dialects", "chance"}:
        raise pytest.UsageError(
            f"expected/{file}: an entry has {sorted(entry)}; expected {sorted(wanted)}"
        )
    deviation, requirement = str(entry["deviation"]), str(entry["requirement"])
    if requirement not in specification.requirements:
        raise pytest.UsageError(
            f"expected/{file} names {requirement!r}, which SPEC.md does not have"
        )
    if ledger is not None and deviation not in ledger:
        raise pytest.UsageError(
            f"expected/{file} names {deviation!r}, which deviations/ does not have"
        )
    tests = entry["tests"]
    assert isinstance(tests, Sequence)
    title = ledger[deviation].title if ledger else ""
    return [
        KnownFailure(
            requirement=requirement,
            test=str(test),
            versions=str(entry["versions"]),
            seen=str(entry["seen"]),
            deviation=deviation,
            title=title,
            backends=_words(entry, "backends"),
            dialects=_words(entry, "dialects"),
            binds=specification.requirements[requirement].dialects,
            chance=bool(entry.get("chance", False)),
        )
        for test in tests
    ]


def _words(entry: dict[str, object], name: str) -> tuple[str, ...]:
    words = entry.get(name, [])
    assert isinstance(words, Sequence)
    return tuple(map(str, words))
