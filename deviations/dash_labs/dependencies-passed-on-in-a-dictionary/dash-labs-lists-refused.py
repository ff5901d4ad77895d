"""Dash Labs: a long callback does not accept a list of inputs."""

import dash_labs as dl

from deviations.common.declaration import error_of
from deviations.common.labs import declare


def deviates() -> bool:
    declare()
    error = error_of(declare, args=[dl.Input("run", "n_clicks"), dl.Input("run", "id")])
    print("expected: the callback is declared")
    print(f"seen: {error or 'it is declared'}")
    return bool(error)
