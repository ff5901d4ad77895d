"""Known failures of releases, as data: which test fails, on which versions, by which deviation."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from callback_conformance import places
from callback_conformance.results.cell import CellIdentity
from callback_conformance.spec import Specification

FOLDER = places.KNOWN_FAILURES
MANAGER = "manager"
THIRD_PARTY = "third-party"  # the name of all such backends

_REQUIRED = {"requirement", "tests", "seen", "versions", "deviation"}
_OPTIONAL = {"backends", "dialects", "chance"}
_TYPES = {"tests": list, "backends": list, "dialects": list, "chance": bool}


class BadKnownFailure(ValueError):
    """An entry of a file of known failures is wrong; the message names the file and what was expected."""


class Explanation(Protocol):
    """What the ledger says of a deviation."""

    @property
    def title(self) -> str: ...

    @property
    def impact(self) -> str:
        """What it costs a user, in a word."""

    @property
    def cause(self) -> str:
        """Where it lies: ``manager`` for a manager of the release, which no third party's backend has."""


@dataclass(frozen=True)
class KnownFailure:
    """One test that fails, as an entry of ``expected/RELEASE.toml`` records it."""

    #: The requirement that the test finds violated.
    requirement: str
    #: The test's name, with the parameters of one case or without them for all.
    test: str
    #: The versions on which it fails, as a specifier.
    versions: str
    #: A part of the failure's message: a failure without it is another one.
    seen: str
    #: The ledger's entry that explains it, that entry's title, and where it says that the cause lies.
    deviation: str
    title: str
    cause: str
    #: The backends that have it; empty for all, also third-party ones (THIRD_PARTY) if the cause is no manager of the
    #: release.
    backends: tuple[str, ...] = ()
    #: The dialects that have it; empty for all that the requirement binds.
    dialects: tuple[str, ...] = ()
    #: The dialects that the requirement binds.
    binds: tuple[str, ...] = ()
    #: True when the release fails now and then: the requirement is violated all the same, so that its verdict
    #: does not flicker.
    chance: bool = False

    def holds_for(self, cell: CellIdentity) -> bool:
        """True when the test is expected to fail on a cell."""
        third_party = cell.has_third_party_backend
        backend = THIRD_PARTY if third_party else cell.spec.backend
        if self.backends and backend not in self.backends:
            return False
        if self.cause == MANAGER and third_party:
            return False
        if cell.spec.binding_dialect not in (self.dialects or self.binds):
            return False
        return SpecifierSet(self.versions, prereleases=True).contains(cell.known_version)

    def is_strict_on(self, cell: CellIdentity) -> bool:
        """True when a run in which the test does not fail is wrong."""
        return not self.chance and not cell.may_do_better


@dataclass(frozen=True)
class KnownFailures:
    """The known failures of each implementation."""

    failures: Mapping[str, tuple[KnownFailure, ...]] = field(default_factory=dict)

    def find(self, cell: CellIdentity, test: str) -> KnownFailure | None:
        """The known failure of a test on a cell."""
        names = (test, test.partition("[")[0])  # an entry may name one case of a test, or all
        return next((failure for failure in self._on(cell) if failure.test in names), None)

    def deviations(self, cell: CellIdentity) -> dict[str, set[str]]:
        """The deviations that are known on a cell, by the requirement that each violates."""
        known: dict[str, set[str]] = {}
        for failure in self._on(cell):
            known.setdefault(failure.requirement, set()).add(failure.deviation)
        return known

    def stale(self, cell: CellIdentity, shown: Collection[str]) -> list[str]:
        """The tests of strict entries for a cell that are none of those ``shown`` to fail."""
        names = {*shown, *(test.partition("[")[0] for test in shown)}
        strict = [failure for failure in self._on(cell) if failure.is_strict_on(cell)]
        return [failure.test for failure in strict if failure.test not in names]

    def _on(self, cell: CellIdentity) -> Iterator[KnownFailure]:
        failures = self.failures.get(cell.known_as, ())
        return (failure for failure in failures if failure.holds_for(cell))


def recorded(implementations: Collection[str]) -> list[str]:
    """Those of the implementations that have a file of known failures."""
    return [name for name in sorted(implementations) if (FOLDER / f"{name}.toml").exists()]


def read_failure_tables(implementation: str) -> list[dict[str, object]]:
    """The failures of one implementation as they are written. Raises BadKnownFailure."""
    file = FOLDER / f"{implementation}.toml"
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise BadKnownFailure(f"expected/{file.name} is not valid TOML: {error}") from None
    failures = table.get("failure", [])
    if not isinstance(failures, list) or not all(isinstance(failure, dict) for failure in failures):
        raise BadKnownFailure(f"expected/{file.name}: expected tables [[failure]]")
    return failures


def load_known_failures(
    specification: Specification,
    implementations: Collection[str],
    ledger: Mapping[str, Explanation],
) -> KnownFailures:
    """Read the known failures of these implementations; ``ledger`` holds its entries by id. Raises BadKnownFailure."""
    return KnownFailures(
        {
            name: tuple(
                failure
                for table in read_failure_tables(name)
                for failure in _failures(f"{name}.toml", table, specification, ledger)
            )
            for name in recorded(implementations)
        }
    )


def _failures(
    file: str,
    failure: Mapping[str, object],
    specification: Specification,
    ledger: Mapping[str, Explanation],
) -> Iterator[KnownFailure]:
    _check(file, failure)
    requirement, deviation = str(failure["requirement"]), str(failure["deviation"])
    if requirement not in specification.requirements:
        raise BadKnownFailure(f"expected/{file} names {requirement!r}, which SPEC.md does not have")
    if deviation not in ledger:
        raise BadKnownFailure(
            f"expected/{file} names {deviation!r}, which deviations/ does not have"
        )
    for test in _strings(failure, "tests"):
        yield KnownFailure(
            requirement=requirement,
            test=test,
            versions=str(failure["versions"]),
            seen=str(failure["seen"]),
            deviation=deviation,
            title=ledger[deviation].title,
            cause=ledger[deviation].cause,
            backends=_strings(failure, "backends"),
            dialects=_strings(failure, "dialects"),
            binds=specification.requirements[requirement].dialects,
            chance=bool(failure.get("chance", False)),
        )


def _check(file: str, failure: Mapping[str, object]) -> None:
    if not set(failure) >= _REQUIRED or set(failure) - _REQUIRED - _OPTIONAL:
        raise BadKnownFailure(
            f"expected/{file}: a [[failure]] has {sorted(failure)}; expected {sorted(_REQUIRED)}"
        )
    for name, value in failure.items():
        if not isinstance(value, _TYPES.get(name, str)):
            raise BadKnownFailure(f"expected/{file}: {name} is {value!r}")
    try:
        SpecifierSet(str(failure["versions"]))
    except InvalidSpecifier as error:
        raise BadKnownFailure(f"expected/{file}: {error}") from None


def _strings(failure: Mapping[str, object], name: str) -> tuple[str, ...]:
    strings = failure.get(name, [])
    return tuple(map(str, strings)) if isinstance(strings, list) else ()
