"""What can be named, as lines: implementations, releases, dialects, backends, drivers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from callback_conformance import adapters
from callback_conformance.install import installed_version
from callback_conformance.matrix.releases import known_releases
from callback_conformance.spec.specification import DIALECTS

DECLARATIONS = {
    "background": "@callback(..., background=True) of Dash",
    "long_callback": "@app.long_callback of Dash",
    "labs": "@app.long_callback with the plugins of Dash Labs",
    "taipy": "invoke_long_callback of Taipy",
}


def implementations() -> Iterator[str]:
    """One line for each implementation: its name, what is installed beside the suite, its dialects."""
    for name in adapters.names():
        try:
            adapter = adapters.find(name)
        except adapters.UnknownImplementation as error:
            yield f"{name:<14}{error}"
            continue
        installed = installed_version(adapter.distributions[0]) or "not installed"
        yield f"{name:<14}{installed:<16}{', '.join(_offered(adapter))}"


def releases() -> Iterator[str]:
    """One line for each release."""
    for name, versions in known_releases().items():
        yield f"{name:<14}{' '.join(versions)}"


def dialects() -> Iterator[str]:
    """One line for each dialect: how its programs declare a callback."""
    for dialect in DIALECTS:
        yield f"{dialect:<16}{DECLARATIONS[dialect]}"


def backends() -> Iterator[str]:
    """One line for each implementation and dialect, in the version that is installed, or else in any."""
    for name in adapters.names():
        try:
            offered = _offered(adapters.find(name))
        except adapters.UnknownImplementation:
            continue
        for dialect, backends in offered.items():
            yield f"{name:<14}{dialect:<16}{', '.join(backends)}"


def drivers() -> Iterator[str]:
    """One line for each driver."""
    yield "wire     the framework's protocol, no browser"
    yield "browser  real Chromium"


def _offered(adapter: adapters.Adapter) -> Mapping[str, tuple[str, ...]]:
    """The dialects and their backends: of the installed version, or else of any."""
    if installed := installed_version(adapter.distributions[0]):
        return adapter.offered(installed)
    return dict.fromkeys(adapter.dialects, adapter.backends)
