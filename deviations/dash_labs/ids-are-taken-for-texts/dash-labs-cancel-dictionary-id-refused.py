"""Dash Labs: an id that is a dictionary, in `cancel`, raises an error."""

import dash_labs as dl

from deviations.common.declaration import error_of
from deviations.common.labs import declare


def deviates() -> bool:
    declare()
    error = error_of(declare, cancel=[dl.Input({"type": "stop", "index": 1}, "n_clicks")])
    print("expected: the callback is declared")
    print(f"seen: {error or 'it is declared'}")
    return bool(error)
