"""A cell that can run, and the selection of cells from what a command line names."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from packaging.version import InvalidVersion

from callback_conformance import backends
from callback_conformance.adapters import Adapter, Feature, UnknownImplementation, find
from callback_conformance.backends import Backend, BadBackend
from callback_conformance.install import command_for
from callback_conformance.processes import Environment, EnvironmentNotMade, suite_environment
from callback_conformance.results.cell import CellIdentity, CellSpec
from callback_conformance.spec.specification import DIALECTS

DRIVERS = ("wire", "browser")
ALL = "all"  # of the dialects that an implementation speaks, or of the backends of each


class BadSelection(ValueError):
    """A cell that was selected cannot exist or run; the message names the option and the choices."""


@dataclass(frozen=True)
class Cell:
    """A cell with all that runs it."""

    spec: CellSpec
    adapter: Adapter
    backend: Backend
    environment: Environment

    @property
    def id(self) -> str:
        """As it stands in a test's name."""
        return self.spec.id

    @property
    def identity(self) -> CellIdentity:
        """The cell as verdicts and reports name it."""
        versions = self.environment.versions
        return CellIdentity(self.spec, self.adapter.name, versions, self.adapter.wraps)

    @property
    def absent(self) -> Mapping[Feature, str]:
        """What the release does not offer at all, each with the program that proves it."""
        return self.adapter.absent(self.identity.known_version)

    @property
    def release_name(self) -> str:
        """The release as a reader knows it, such as "dash 2.9.3"."""
        return f"{self.adapter.name} {self.identity.version}"


@dataclass(frozen=True)
class Selection:
    """What the options of a command line name; an empty axis stands for the implementation's default."""

    releases: Sequence[str] = ()
    backends: Sequence[str] = ()
    dialects: Sequence[str] = ()
    drivers: Sequence[str] = ()
    #: The command that starts a worker of a third-party backend, and the services that it needs.
    worker: str = ""
    services: Sequence[str] = ()

    def cells(self) -> list[Cell]:
        """The cells, each with an environment that holds its release. Raises BadSelection."""
        _check("driver", self.drivers, DRIVERS)
        own = {name for release in self.releases for name in _own_dialects(release)}
        _check("dialect", self.dialects, (*DIALECTS, *sorted(own), ALL))
        named = [self._backend(name) for name in self.backends]
        if (self.worker or self.services) and not any(each.third_party for each in named):
            raise BadSelection(
                "--worker and --service describe a third-party backend: name it by "
                "--backend=package.module:factory"
            )
        return [cell for release in self.releases for cell in self._cells(release, named)]

    def _backend(self, name: str) -> Backend:
        try:
            return backends.find(name, self.worker, tuple(self.services))
        except BadBackend as error:
            raise BadSelection(f"--backend={name}: {error}") from error

    def _cells(self, release: str, named: Sequence[Backend]) -> Iterator[Cell]:
        adapter, environment = _installed(release, named)
        offered = adapter.offered(environment.versions[adapter.distributions[0]])
        for dialect in _chosen("dialect", self.dialects, tuple(offered), release):
            for backend in _backends(adapter, release, dialect, offered[dialect], named):
                for driver in _chosen("driver", self.drivers, tuple(adapter.drivers), release):
                    bound_as = adapter.bound_as.get(dialect, "")
                    if (bound_as or dialect) not in DIALECTS:
                        raise BadSelection(
                            f"--impl={release}: SPEC.md has no dialect {bound_as or dialect!r}; the adapter's "
                            f"bound_as must give {dialect!r} one of {', '.join(DIALECTS)}"
                        )
                    spec = CellSpec(release, dialect, backend.name, driver, bound_as)
                    yield Cell(spec, adapter, backend, environment)


def _backends(
    adapter: Adapter,
    release: str,
    dialect: str,
    offered: Sequence[str],
    named: Sequence[Backend],
) -> Iterator[Backend]:
    """The backends that are named, or the default of a dialect; what they need must be installed."""
    third_party = [backend for backend in named if backend.third_party]
    built_in = [backend.name for backend in named if not backend.third_party]
    if third_party and dialect not in adapter.third_party_dialects:
        raise BadSelection(
            f"--impl={release}: programs of the dialect {dialect} take no third-party backend"
        )
    chosen = list(third_party)
    if built_in or not third_party:
        chosen += map(backends.find, _chosen("backend", built_in, offered, release))
    for backend in chosen:
        if not adapter.requirements or "@" not in release:
            _check_installed(backend)
        yield backend


def _check_installed(backend: Backend) -> None:
    """What a backend needs must be installed beside the suite, where the implementation is."""
    try:
        suite_environment(backend.distributions, f"pip install {shlex.join(backend.install)}")
    except EnvironmentNotMade as error:
        raise BadSelection(f"--backend={backend.name}: {error}") from error


def _installed(release: str, named: Sequence[Backend]) -> tuple[Adapter, Environment]:
    """The adapter of a release and the environment that holds it: the suite's own, or one made for a version."""
    name, at, version = release.partition("@")
    try:
        adapter = find(name)
        if not at:
            hint = command_for(adapter.distributions)
            return adapter, suite_environment(adapter.distributions, hint)
        if adapter.requirements is None:
            raise BadSelection(f"--impl={release}: {name} has no versions to choose from")
        more = [word for backend in named if backend.third_party for word in backend.install]
        return adapter, adapter.environment(version, more)
    except InvalidVersion:
        raise BadSelection(
            f"--impl={release}: {version!r} is not a version; expected NAME@VERSION, such as dash@2.18.2"
        ) from None
    except (UnknownImplementation, EnvironmentNotMade) as error:
        raise BadSelection(f"--impl={release}: {error}") from error


def _own_dialects(release: str) -> Sequence[str]:
    try:
        return tuple(find(release.partition("@")[0]).bound_as)
    except UnknownImplementation:
        return ()  # which is reported where it is looked for


def _check(axis: str, chosen: Sequence[str], choices: Sequence[str]) -> None:
    if unknown := [name for name in chosen if name not in choices]:
        raise BadSelection(f"unknown --{axis} {unknown[0]!r}; choose from {', '.join(choices)}")


def _chosen(axis: str, chosen: Sequence[str], offered: Sequence[str], release: str) -> list[str]:
    if not chosen:
        return [offered[0]]
    if ALL in chosen:
        return list(offered)
    if missing := [name for name in chosen if name not in offered]:
        raise BadSelection(
            f"--impl={release} has no {axis} {missing[0]!r}; choose from {', '.join(offered)}"
        )
    return list(chosen)
