"""Dependencies that may name several properties of one component: they stand for one of each."""

from __future__ import annotations

from impl_dash_style import dependencies
from impl_dash_style.dependencies import DashDependency, Dependency
from impl_dash_style.wire import Id


class Properties(tuple[DashDependency, ...]):
    """A dependency for each of several properties of one component, and one value for all."""


def Input(
    component_id: Id, component_property: str | tuple[str, ...]
) -> dependencies.Input | Properties:
    """An input, or for a tuple of properties one whose value is a tuple."""
    return _named(dependencies.Input, component_id, component_property)


def Output(
    component_id: Id, component_property: str | tuple[str, ...]
) -> dependencies.Output | Properties:
    """An output, or for a tuple of properties one whose value is a tuple."""
    return _named(dependencies.Output, component_id, component_property)


def State(
    component_id: Id, component_property: str | tuple[str, ...]
) -> dependencies.State | Properties:
    """A state, or for a tuple of properties one whose value is a tuple."""
    return _named(dependencies.State, component_id, component_property)


def _named(
    kind: type[Dependency], id: Id, properties: str | tuple[str, ...]
) -> Dependency | Properties:
    if isinstance(properties, str):
        return kind(id, properties)
    return Properties(kind(id, property) for property in properties)
