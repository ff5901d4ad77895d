"""The layout as the page gets it, and the values that it gives to properties."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from .callbacks import Callback
from .dependencies import Output
from .encoding import encode
from .exceptions import DeclarationError


def served(layout: Any, callbacks: Iterable[Callback]) -> str:
    """Return the layout as JSON, with each progress property at its declared default.

    So it holds the default before the first run too, and not only after one.
    """
    defaults: dict[str, Any] = {}
    for callback in callbacks:
        if callback.background and callback.background.defaults is not None:
            defaults |= callback.background.default_updates()
    if not defaults:
        return encode(layout)
    tree = json.loads(encode(layout))
    for props in _components(tree):
        for name, value in defaults.items():
            component, _, property = name.rpartition(".")
            if component == _id(props):
                props[property] = value
    return encode(tree)


def values(layout: Any) -> dict[str, Any]:
    """Return the value that the layout gives to each `id.property`, in its JSON form."""
    return {
        f"{_id(props)}.{property}": value
        for props in _components(json.loads(encode(layout)))
        for property, value in props.items()
    }


def check(callbacks: Iterable[Callback], *layouts: Any) -> None:
    """Refuse a long callback that names a component which none of the layouts has."""
    known: set[str] = set()
    for layout in layouts:
        known |= {_id(props) for props in _components(json.loads(encode(layout)))}
    for callback in callbacks:
        for dependency in callback.dependencies:
            if dependency.component_id_str() not in known:
                raise DeclarationError(
                    f"the component of {dependency!r} is neither in app.layout nor in"
                    " app.validation_layout. A long callback needs it in one of them, also with"
                    " suppress_callback_exceptions=True; callback(..., background=True) does not"
                )


def _components(tree: Any) -> Iterator[dict[str, Any]]:
    """Yield the properties of each component that has an id."""
    if isinstance(tree, list):
        for item in tree:
            yield from _components(item)
    elif isinstance(tree, dict):
        if "namespace" in tree and "id" in tree.get("props", {}):
            yield tree["props"]
        for item in tree.values():
            yield from _components(item)


def _id(props: dict[str, Any]) -> str:
    return Output(props["id"], "").component_id_str()
