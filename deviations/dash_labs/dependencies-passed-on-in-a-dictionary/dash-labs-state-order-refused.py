"""Dash Labs: a long callback does not accept a State before an Input in a dictionary."""

import dash_labs as dl

from deviations.common.declaration import error_of
from deviations.common.labs import declare


def deviates() -> bool:
    n_clicks, id_state = dl.Input("run", "n_clicks"), dl.State("run", "id")
    declare(args={"n_clicks": n_clicks, "id": id_state})
    error = error_of(declare, args={"id": id_state, "n_clicks": n_clicks})
    print("expected: the callback is declared")
    print(f"seen: {error or 'it is declared'}")
    return bool(error)
