"""JSON as the renderer reads it: components, Plotly figures and NumPy values included."""

from __future__ import annotations

import json
from typing import Any, Final

from plotly.utils import PlotlyJSONEncoder

_PATCH: Final = "__dash_patch_update"


def encode(value: Any) -> str:
    """Return `value` as JSON text. Raise TypeError or ValueError if it has no JSON form."""
    return json.dumps(value, cls=PlotlyJSONEncoder)


def whole(value: Any) -> Any:
    """Return a property's value in the form in which the renderer takes it as it is.

    A dict with the key below would be taken for a patch of the value that the property holds. So it is
    sent as a patch which sets that dict; the property must hold some value before, be it None.
    """
    if not isinstance(value, dict) or _PATCH not in value:
        return value
    operation = {"operation": "Assign", "location": [], "params": {"value": value}}
    return {_PATCH: _PATCH, "operations": [operation]}


def join(parts: dict[str, str]) -> str:
    """Return the JSON object whose values are the given JSON texts."""
    return "{" + ",".join(f"{json.dumps(key)}:{text}" for key, text in parts.items()) + "}"
