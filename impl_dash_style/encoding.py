"""JSON as the renderer reads it: components, Plotly figures and NumPy values included."""

from __future__ import annotations

import json
from typing import Any

from plotly.utils import PlotlyJSONEncoder


def encode(value: Any) -> str:
    """Return `value` as JSON text. Raise TypeError or ValueError if it has no JSON form."""
    return json.dumps(value, cls=PlotlyJSONEncoder)


def join(parts: dict[str, str]) -> str:
    """Return the JSON object whose values are the given JSON texts."""
    return "{" + ",".join(f"{json.dumps(key)}:{text}" for key, text in parts.items()) + "}"
