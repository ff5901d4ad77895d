"""Cells: one implementation, in one version, dialect, backend and kind of page."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from callback_conformance import backends
from callback_conformance.adapters import Adapter, UnknownImplementation, find
from callback_conformance.backends import Backend, BadBackend
from callback_conformance.processes import Environment, EnvironmentNotMade, suite_environment
from callback_conformance.spec.specification import DIALECTS

DRIVERS = ("wire", "browser")
ALL = "all"  # of the dialects that an implementation has, or of the backends of each


def cell_id(asked: str, dialect: str, backend: str, driver: str) -> str:
    """A cell's name, in tests and folders."""
    return "-".join((asked, dialect, backend, driver))


@dataclass(frozen=True)
class Cell:
    """What one test runs against."""

    implementation: Adapter
    asked: str
    dialect: str
    backend: Backend
    driver: str
    environment: Environment

    @property
    def id(self) -> str:
        """As it stands in a test's name."""
        return cell_id(self.asked, self.dialect, self.backend.name, self.driver)

    @property
    def version(self) -> str:
        """The version of the implementation itself."""
        return self.environment.versions[self.implementation.distributions[0]]

    @property
    def options(self) -> str:
        """The command-line options that choose this cell alone."""
        return (
            f"--impl={self.asked} --backend={self.backend.name} "
            f"--dialect={self.dialect} --driver={self.driver}"
        )


def cells(config: pytest.Config) -> list[Cell]:
    """The cells that the command line asks for. Raises pytest.UsageError for what cannot exist."""
    drivers = config.getoption("--driver") or ["wire"]
    if unknown := set(drivers) - set(DRIVERS):
        raise pytest.UsageError(
            f"unknown --driver {unknown.pop()!r}; there are {', '.join(DRIVERS)}"
        )
    if unknown := set(config.getoption("--dialect")) - {*DIALECTS, ALL}:
        raise pytest.UsageError(
            f"unknown --dialect {unknown.pop()!r}; there are {', '.join((*DIALECTS, ALL))}"
        )
    asked_for = [_backend(config, name) for name in config.getoption("--backend")]
    return [
        Cell(implementation, asked, dialect, backend, driver, environment)
        for asked in config.getoption("--impl")
        for implementation, environment in [_implementation(asked, asked_for)]
        for dialect, backend in _offered(config, asked, implementation, environment, asked_for)
        for driver in _chosen("driver", drivers, tuple(implementation.drivers), asked)
    ]


def _offered(
    config: pytest.Config,
    asked: str,
    implementation: Adapter,
    environment: Environment,
    asked_for: Sequence[Backend],
) -> list[tuple[str, Backend]]:
    """The dialects that are asked for, each with the backends that are: what this version has."""
    offered = implementation.offered(environment.versions[implementation.distributions[0]])
    foreign = [one for one in asked_for if one.third_party]
    named = [one.name for one in asked_for if not one.third_party]
    found: list[tuple[str, Backend]] = []
    for dialect in _chosen("dialect", config.getoption("--dialect"), tuple(offered), asked):
        if foreign and dialect not in implementation.third_party_dialects:
            raise pytest.UsageError(
                f"--impl={asked}: programs of the dialect {dialect} take no backend of anyone's own"
            )
        found += [(dialect, one) for one in foreign]
        if named or not foreign:
            there = _chosen("backend", named, offered[dialect], asked)
            found += [(dialect, backends.find(name)) for name in there]
    if not implementation.requirements or "@" not in asked:
        for _, one in found:
            _beside(one)
    return found


def _backend(config: pytest.Config, name: str) -> Backend:
    worker, services = config.getoption("--worker"), tuple(config.getoption("--service"))
    try:
        return backends.find(name, worker, services)
    except BadBackend as error:
        raise pytest.UsageError(f"--backend={name}: {error}") from error


def _beside(backend: Backend) -> None:
    """What a backend needs must be installed where the implementation is."""
    try:
        suite_environment(backend.distributions, f"pip install {shlex.join(backend.install)}")
    except EnvironmentNotMade as error:
        raise pytest.UsageError(f"--backend={backend.name}: {error}") from error


def _implementation(asked: str, asked_for: Sequence[Backend]) -> tuple[Adapter, Environment]:
    name, _, version = asked.partition("@")
    try:
        implementation = find(name)
        if not version:
            # The releases need pins of their own, which the extra holds.
            extra = "pip install 'callback-conformance[all]'"
            needed = f"pip install {' '.join(implementation.distributions)}"
            install = extra if implementation.released else needed
            return implementation, suite_environment(implementation.distributions, install)
        if implementation.requirements is None:
            raise pytest.UsageError(f"--impl={asked}: {name} has no versions to choose from")
        theirs = [one for backend in asked_for if backend.third_party for one in backend.install]
        return implementation, implementation.environment(version, theirs)
    except (UnknownImplementation, EnvironmentNotMade) as error:
        raise pytest.UsageError(f"--impl={asked}: {error}") from error


def _chosen(axis: str, asked: Sequence[str], there: Sequence[str], name: str) -> list[str]:
    if not asked:
        return [there[0]]
    if ALL in asked:
        return list(there)
    if missing := [one for one in asked if one not in there]:
        raise pytest.UsageError(
            f"--impl={name} has no {axis} {missing[0]!r}; it has {', '.join(there)}"
        )
    return list(asked)
