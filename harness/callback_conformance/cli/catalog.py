"""What there is to name, as lines: implementations, releases, dialects, backends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version

from callback_conformance import adapters
from callback_conformance.matrix.releases import known_releases
from callback_conformance.spec.specification import DIALECTS

DECLARATIONS = {
    "background": "@callback(..., background=True) of Dash",
    "long_callback": "@app.long_callback of Dash",
    "labs": "@app.long_callback with the plugins of Dash Labs",
    "taipy": "invoke_long_callback of Taipy",
}
NOT_INSTALLED = "not installed"


def implementation_lines() -> Iterator[str]:
    """One line for each implementation: its name, what is installed beside the suite, its dialects."""
    for name in adapters.names():
        try:
            adapter = adapters.find(name)
        except adapters.UnknownImplementation as error:
            yield f"{name:<14}{error}"
            continue
        installed = installed_version(adapter.distributions[0]) or NOT_INSTALLED
        yield f"{name:<14}{installed:<16}{', '.join(_offered(adapter))}"


def release_lines() -> Iterator[str]:
    """One line for each release."""
    for name, versions in known_releases().items():
        yield f"{name:<14}{' '.join(versions)}"


def dialect_lines() -> Iterator[str]:
    """One line for each dialect: how its programs declare a callback."""
    for dialect in DIALECTS:
        yield f"{dialect:<16}{DECLARATIONS[dialect]}"


def backend_lines() -> Iterator[str]:
    """One line for each implementation and dialect, in the version that is installed, or else in any."""
    for name in adapters.names():
        try:
            adapter = adapters.find(name)
        except adapters.UnknownImplementation:
            continue
        for dialect, backends in _offered(adapter).items():
            yield f"{name:<14}{dialect:<16}{', '.join(backends)}"


def _offered(adapter: adapters.Adapter) -> Mapping[str, tuple[str, ...]]:
    """The dialects and their backends: of the installed version, or else of any."""
    installed = installed_version(adapter.distributions[0])
    if installed:
        return adapter.offered(installed)
    return dict.fromkeys(adapter.dialects, adapter.backends)


def installed_version(distribution: str) -> str:
    """The version that is installed beside the suite, or ""."""
    try:
        return version(distribution)
    except PackageNotFoundError:
        return ""
