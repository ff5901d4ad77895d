"""Dependencies that may name several properties of one component: they stand for one of each."""

from __future__ import annotations

from typing import Any

from .. import dependencies


class Properties(tuple[Any, ...]):
    """A dependency for each of several properties of one component, and one value for all."""


def Input(component_id: Any, component_property: str | tuple[str, ...]) -> Any:
    """Return an input, or for a tuple of properties one whose value is a tuple."""
    return _named(dependencies.Input, component_id, component_property)


def Output(component_id: Any, component_property: str | tuple[str, ...]) -> Any:
    """Return an output, or for a tuple of properties one whose value is a tuple."""
    return _named(dependencies.Output, component_id, component_property)


def State(component_id: Any, component_property: str | tuple[str, ...]) -> Any:
    """Return a state, or for a tuple of properties one whose value is a tuple."""
    return _named(dependencies.State, component_id, component_property)


def _named(kind: Any, id: Any, properties: str | tuple[str, ...]) -> Any:
    if isinstance(properties, str):
        return kind(id, properties)
    return Properties(kind(id, property) for property in properties)
