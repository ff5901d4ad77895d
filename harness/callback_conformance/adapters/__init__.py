"""The adapters of the implementations under test, by name: ours, the releases, and third parties'."""

from __future__ import annotations

import importlib
import importlib.metadata

from callback_conformance.adapters.adapter import Adapter, BarePage, NoResult, Open, Render
from callback_conformance.adapters.feature import Feature

__all__ = [
    "GROUP",
    "Adapter",
    "BarePage",
    "Feature",
    "NoResult",
    "Open",
    "Render",
    "UnknownImplementation",
    "find",
    "names",
]

#: The entry-point group in which a package offers the adapter of its implementation.
GROUP = "callback_conformance.adapters"


class UnknownImplementation(LookupError):
    """No implementation has this name; the message lists those that are installed."""


def names() -> list[str]:
    """The names of the implementations whose adapters are installed."""
    return sorted(entry.name for entry in importlib.metadata.entry_points(group=GROUP))


def find(name: str) -> Adapter:
    """The adapter of the implementation called ``name``: an entry point, or ``package.module:attribute``.

    Raises UnknownImplementation.
    """
    if ":" in name:
        return _checked(name, _load(name))
    for entry in importlib.metadata.entry_points(group=GROUP):
        if entry.name == name:
            return _checked(name, _load(entry.value))
    raise UnknownImplementation(
        f"There is no implementation {name!r}. Choose from {', '.join(names())}; "
        f"your own is package.module:attribute, or an entry point in the group {GROUP!r}."
    )


def _load(place: str) -> object:
    module, _, attribute = place.partition(":")
    if not module or not attribute:
        raise UnknownImplementation(f"{place!r} is not of the form package.module:attribute")
    try:
        return getattr(importlib.import_module(module), attribute)
    except Exception as error:
        raise UnknownImplementation(
            f"The implementation {place!r} cannot be loaded: {error or type(error).__name__}"
        ) from error


def _checked(name: str, loaded: object) -> Adapter:
    if not isinstance(loaded, Adapter):
        raise UnknownImplementation(
            f"{name!r} is a {type(loaded).__name__}; expected callback_conformance.adapters.Adapter"
        )
    return loaded
