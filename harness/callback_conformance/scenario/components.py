"""What stands on a scenario's page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True)
class Component:
    """One element: its id (``row[1]`` for one of a family), its kind (``button``, ``text``, ``field``,
    ``progress``, ``graph``, ``container``), its initial properties."""

    id: str
    kind: str
    props: Mapping[str, Any]


def Button(id: str, **props: Any) -> Component:  #
    """A button that a user clicks: each click adds one to its ``n_clicks``."""
    return _component(id, "button", props)


def Text(id: str, children: Any = "", **props: Any) -> Component:
    """A text, held by its property ``children``."""
    return _component(id, "text", {"children": children, **props})


def Field(id: str, value: Any = "", **props: Any) -> Component:
    """A field that a user types into, held by its property ``value``."""
    return _component(id, "field", {"value": value, **props})


def ProgressBar(id: str, **props: Any) -> Component:
    """A progress bar with the properties ``value`` and ``max``, both unset at first."""
    return _component(id, "progress", props)


def Graph(id: str, **props: Any) -> Component:
    """A Plotly graph, held by its property ``figure``."""
    return _component(id, "graph", props)


def Store(id: str, data: Any = None, **props: Any) -> Component:
    """A place for any value that is not drawn, held by its property ``data``."""
    return _component(id, "store", {"data": data, **props})


def Upload(id: str, children: str = "", **props: Any) -> Component:
    """A button that lets a user choose a file, held as text by its property ``contents``."""
    return _component(id, "upload", {"children": children or id, **props})


def Container(id: str) -> Component:
    """An empty place, whose property ``children`` a callback fills with components."""
    return _component(id, "container", {})


def _component(id: str, kind: str, props: Mapping[str, Any]) -> Component:
    return Component(id, kind, MappingProxyType(dict(props)))
