"""Dash: no error names a mistake in an option of a long callback."""

from typing import Any

from dash.dependencies import Input, Output

from deviations.common.declaration import leaves_unnamed
from deviations.common.long_callback import declare

MISTAKES: list[tuple[str, dict[str, Any]]] = [
    ("running", {"running": [(Output("run", "disabled"), True)]}),
    ("cancel", {"cancel": [Output("run", "n_clicks")]}),
    ("progress", {"progress": [Input("bar", "value")]}),
    ("progress_default", {"progress": [Output("bar", "value")], "progress_default": [1, 2]}),
    ("cache_by", {"cache_by": "everybody"}),
]


def deviates() -> bool:
    return leaves_unnamed(declare, MISTAKES)
