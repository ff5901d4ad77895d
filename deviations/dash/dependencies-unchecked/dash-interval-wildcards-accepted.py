"""Dash: no error names a wildcard in an option of a long callback."""

from dash.dependencies import ALL, Input, Output

from deviations.common.declaration import leaves_unnamed
from deviations.common.long_callback import declare

MISTAKES = [
    ("gadget", {"running": [(Output({"gadget": ALL}, "disabled"), True, False)]}),
    ("gadget", {"cancel": [Input({"gadget": ALL}, "n_clicks")]}),
    ("gadget", {"progress": [Output({"gadget": ALL}, "value")]}),
]


def deviates() -> bool:
    return leaves_unnamed(declare, MISTAKES)
