"""Dash: an id that is a dictionary, in `cancel`, raises an error."""

from dash.dependencies import Input

from deviations.common.declaration import error_of
from deviations.common.long_callback import declare


def deviates() -> bool:
    declare()
    error = error_of(declare, cancel=[Input({"type": "stop", "index": 1}, "n_clicks")])
    print("expected: the callback is declared")
    print(f"seen: {error or 'it is declared'}")
    return bool(error)
