"""`app.long_callback`: the background callback under its older name, with the limits of that time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from .caching import functions
from .callbacks import Callback
from .celery_manager import CeleryLongCallbackManager, CeleryManager
from .declaration import OPTIONS
from .declaration import declare as declare_background
from .dependencies import DashDependency
from .diskcache_manager import DiskcacheLongCallbackManager, DiskcacheManager
from .exceptions import DeclarationError
from .grouping import leaves

__all__ = [
    "CeleryLongCallbackManager",
    "CeleryManager",
    "DiskcacheLongCallbackManager",
    "DiskcacheManager",
    "declare",
]

_KEYWORDS: Final = ("output", "inputs", "state", "prevent_initial_call", *OPTIONS)


def declare(
    function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Callback:
    """Return the callback that `app.long_callback(*args, **kwargs)(function)` declares.

    Raise DeclarationError for what a background callback may not have, for a wildcard anywhere, for an
    entry of `running` that has no third value, and for a `cache_by` that is no function. It has no
    context, and its components must be known.
    """
    if "args" in kwargs:
        raise DeclarationError(
            "args= is the form of Dash Labs: give the app plugins=[FlexibleCallbacks(),"
            " HiddenComponents(), LongCallback(manager)] of impl_dash_style.labs.plugins"
        )
    only(_KEYWORDS, kwargs)
    functions(kwargs.get("cache_by"))  # and no inputs and state
    _refuse_wildcards([*args, kwargs])
    new = three_values(declare_background(function, args, {**kwargs, "background": True}))
    if not new.outputs:
        raise DeclarationError(
            "long_callback needs an Output; callback(..., background=True) does not"
        )
    return replace(new, limited=True)


def only(keywords: tuple[str, ...], given: dict[str, Any]) -> None:
    """Refuse keywords that `long_callback` does not take."""
    unknown = [name for name in given if name not in keywords]
    if unknown:
        raise DeclarationError(
            f"long_callback() does not know {', '.join(unknown)}; it takes {', '.join(keywords)}"
        )


def three_values(callback: Callback) -> Callback:
    """Return the callback. Refuse a pair in its `running`: only `callback` takes one."""
    for entry in callback.background.running if callback.background else ():
        if entry.pair:
            raise DeclarationError(
                "running: expected (Output, value while running, value afterwards);"
                f" {entry.output} has no third value"
            )
    return callback


def _refuse_wildcards(given: Any) -> None:
    """Refuse a pattern in any place: output, inputs, state, running, cancel and progress."""
    for leaf in leaves(given):
        if isinstance(leaf, DashDependency) and leaf.has_wildcard():
            raise DeclarationError(
                f"long_callback does not support ids with ALL, MATCH or ALLSMALLER: {leaf!r};"
                " callback(..., background=True) does"
            )
