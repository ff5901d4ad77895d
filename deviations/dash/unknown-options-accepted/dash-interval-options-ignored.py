"""Dash: a long callback accepts any option."""

from deviations.common.declaration import error_of
from deviations.common.long_callback import declare


def deviates() -> bool:
    declare()
    error = error_of(declare, cancell=[])
    print("expected: the option is refused")
    print(f"seen: {error or 'the callback is declared'}")
    return not error
