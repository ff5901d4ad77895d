"""What stands on a scenario's page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from callback_conformance.scenario.values import Value


@dataclass(frozen=True)
class Component:
    """One element of a page."""

    #: ``row[1]`` for one of a family.
    id: str
    #: ``button``, ``text``, ``field``, ``progress``, ``graph``, ``store``, ``upload`` or ``container``.
    kind: str
    #: Its initial properties.
    props: Mapping[str, Value]


def Button(id: str, **props: Value) -> Component:
    """A button that a user clicks: each click adds one to its ``n_clicks``."""
    return _component(id, "button", props)


def Text(id: str, children: Value = "", **props: Value) -> Component:
    """A text, held by its property ``children``."""
    return _component(id, "text", {"children": children, **props})


def Field(id: str, value: Value = "", **props: Value) -> Component:
    """A field that a user types into, held by its property ``value``."""
    return _component(id, "field", {"value": value, **props})


def ProgressBar(id: str, **props: Value) -> Component:
    """A progress bar with the properties ``value`` and ``max``, both unset at first."""
    return _component(id, "progress", props)


def Graph(id: str, **props: Value) -> Component:
    """A Plotly graph, held by its property ``figure``."""
    return _component(id, "graph", props)


def Store(id: str, data: Value = None, **props: Value) -> Component:
    """A place for any value that is not drawn, held by its property ``data``."""
    return _component(id, "store", {"data": data, **props})


def Upload(id: str, children: str = "", **props: Value) -> Component:
    """A button that lets a user choose a file, held as text by its property ``contents``."""
    return _component(id, "upload", {"children": children or id, **props})


def Container(id: str) -> Component:
    """An empty place, whose property ``children`` a callback fills with components."""
    return _component(id, "container", {})


def _component(id: str, kind: str, props: Mapping[str, Value]) -> Component:
    return Component(id, kind, MappingProxyType(dict(props)))
