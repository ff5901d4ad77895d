"""Dash: there is no `set_props`."""

import dash


def deviates() -> bool:
    print("expected: dash has a function by which a job sets a property")
    has_function = hasattr(dash, "set_props")
    print(f"seen: dash {dash.__version__} has {'one' if has_function else 'none'}")
    return not has_function
