"""What the completion of a shell proposes for the words of a command: names of adapters, requirements, deviations."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import click

Complete = Callable[[click.Context, click.Parameter, str], list[str]]


def completing(names: Callable[[], Iterable[str]]) -> Complete:
    """Propose those of the names that begin with what has been typed."""

    def complete(context: click.Context, parameter: click.Parameter, typed: str) -> list[str]:
        return [name for name in names() if name.startswith(typed)]

    return complete


def implementations() -> list[str]:
    """The implementations that are installed, and the releases that are known to run."""
    return [*installed(), *releases()]


def installed() -> list[str]:
    """The implementations that are installed."""
    from callback_conformance import adapters

    return adapters.names()


def releases() -> list[str]:
    """The releases that are known to run."""
    from callback_conformance.matrix.releases import known_releases

    return [
        f"{name}@{version}" for name, versions in known_releases().items() for version in versions
    ]


def dialects() -> list[str]:
    """The dialects of programs."""
    from callback_conformance.spec.specification import DIALECTS

    return [*DIALECTS, "all"]


def backends() -> list[str]:
    """The backends that any installed implementation has."""
    from callback_conformance import adapters

    offered = [adapters.find(name).backends for name in adapters.names()]
    return sorted({backend for several in offered for backend in several} | {"all"})


def requirements() -> list[str]:
    """The ids of SPEC.md."""
    from callback_conformance import spec

    return list(spec.load().requirements)


def deviations() -> list[str]:
    """The ids of the ledger."""
    from callback_conformance import ledger

    return [deviation.id for deviation in ledger.read_ledger(ledger.LEDGER)]


def faults() -> list[str]:
    """The names of the ledger's faults."""
    from callback_conformance import ledger

    return list(dict.fromkeys(entry.fault.slug for entry in ledger.read_ledger(ledger.LEDGER)))
