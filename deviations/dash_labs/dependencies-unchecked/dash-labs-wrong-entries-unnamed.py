"""Dash Labs: no error names a mistake in an option of a long callback."""

from typing import Any

import dash_labs as dl

from deviations.common.declaration import leaves_unnamed
from deviations.common.labs import declare

MISTAKES: list[tuple[str, dict[str, Any]]] = [
    ("running", {"running": [(dl.Output("run", "disabled"), True)]}),
    ("cancel", {"cancel": [dl.Output("run", "n_clicks")]}),
    ("progress", {"progress": dl.Input("bar", ("value", "max"))}),
]


def deviates() -> bool:
    return leaves_unnamed(declare, MISTAKES)
