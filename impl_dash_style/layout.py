"""The layout as the page gets it, and the values that it gives to properties."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from impl_dash_style.callbacks import Callback
from impl_dash_style.dependencies import Output
from impl_dash_style.encoding import Json, encode
from impl_dash_style.exceptions import DeclarationError


def layout_json(layout: object, callbacks: Iterable[Callback]) -> str:
    """The layout as JSON, with each progress property at its declared default.

    So it holds the default before the first run too, and not only after a run.
    """
    defaults: dict[str, object] = {}
    for callback in callbacks:
        if callback.background and callback.background.defaults is not None:
            defaults |= callback.background.default_updates()
    if not defaults:
        return encode(layout)
    tree = _tree(layout)
    for id, props in _components(tree):
        for name, value in defaults.items():
            component, _, property = name.rpartition(".")
            if component == id:
                props[property] = json.loads(encode(value))
    return encode(tree)


def layout_values(layout: object) -> dict[str, Json]:
    """The value that the layout gives to each ``id.property``, in its JSON form."""
    return {
        f"{id}.{property}": value
        for id, props in _components(_tree(layout))
        for property, value in props.items()
    }


def check_components(callbacks: Iterable[Callback], *layouts: object) -> None:
    """Raise DeclarationError for a long callback that names a component which none of the layouts has."""
    existing = {id for layout in layouts for id, _ in _components(_tree(layout))}
    for callback in callbacks:
        for dependency in callback.dependencies:
            if dependency.component_id_str() not in existing:
                raise DeclarationError(
                    f"the component of {dependency!r} is neither in app.layout nor in"
                    " app.validation_layout. A long callback needs it in one of them, also with"
                    " suppress_callback_exceptions=True; callback(..., background=True) does not"
                )


def _tree(layout: object) -> Json:
    tree: Json = json.loads(encode(layout))
    return tree


def _components(tree: Json) -> Iterator[tuple[str, dict[str, Json]]]:
    """The id, as text, and the properties of each component that has an id."""
    if isinstance(tree, list):
        for part in tree:
            yield from _components(part)
    elif isinstance(tree, dict):
        props = tree.get("props")
        if "namespace" in tree and isinstance(props, dict):
            id = props.get("id")
            if isinstance(id, str | dict):
                yield Output(id, "").component_id_str(), props
        for part in tree.values():
            yield from _components(part)
