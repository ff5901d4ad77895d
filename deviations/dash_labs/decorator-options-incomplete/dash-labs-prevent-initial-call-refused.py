"""Dash Labs: a long callback does not accept prevent_initial_call."""

from deviations.common.declaration import error_of
from deviations.common.labs import declare


def deviates() -> bool:
    declare()
    error = error_of(declare, prevent_initial_call=True)
    print("expected: the callback is declared")
    print(f"seen: {error or 'it is declared'}")
    return bool(error)
