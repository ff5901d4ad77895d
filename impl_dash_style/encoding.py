"""JSON as the renderer reads it: components, Plotly figures and NumPy values included."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final, TypeAlias

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
    if not isinstance(value, dict) or _PATCH not in value:
        return value
    operation = {"operation": "Assign", "location": [], "params": {"value": value}}
    return {_PATCH: _PATCH, "operations": [operation]}


def join(texts: Mapping[str, str]) -> str:
    """The JSON object whose values are these JSON texts."""
    return "{" + ",".join(f"{json.dumps(key)}:{text}" for key, text in texts.items()) + "}"
