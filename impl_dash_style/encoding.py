"""JSON as the renderer reads it: components, Plotly figures and NumPy values included."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, TypeAlias, TypeGuard

from plotly.utils import PlotlyJSONEncoder

#: What JSON text holds.
Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

_PATCH: Final = "__dash_patch_update"


def encode(value: object) -> str:
    """A value as JSON text. Raises TypeError or ValueError if it has no JSON form."""
    return json.dumps(value, cls=PlotlyJSONEncoder)


def literal(value: object) -> object:
    """A property's value in a form that the renderer shows unchanged.

    The renderer reads a dict with the key below as a patch of the property's present value. Such a dict is
    sent as a patch that assigns it. The property must hold a value before, which may be None.
    """
    if not (isinstance(value, dict) and _PATCH in value):
        return value
    return {_PATCH: _PATCH, "operations": [_assign(value)]}


def patched(older: str, newer: str) -> str:
    """The one value, as JSON text, that has the effect of two after each other: a patch changes the older one."""
    first, then = json.loads(older), json.loads(newer)
    if not _is_patch(then):
        return newer
    before = first["operations"] if _is_patch(first) else [_assign(first)]
    return json.dumps({**then, "operations": before + then["operations"]})


def _is_patch(value: Json) -> TypeGuard[dict[str, Any]]:
    return isinstance(value, dict) and _PATCH in value


def _assign(value: object) -> dict[str, object]:
    return {"operation": "Assign", "location": [], "params": {"value": value}}


def join(texts: Mapping[str, str]) -> str:
    """The JSON object whose values are these JSON texts."""
    return "{" + ",".join(f"{json.dumps(key)}:{text}" for key, text in texts.items()) + "}"
