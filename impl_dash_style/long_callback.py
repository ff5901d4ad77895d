"""``app.long_callback``: the background callback under its older name, with the limits of that time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from impl_dash_style.caching import check_cache_by
from impl_dash_style.callbacks import Callback
from impl_dash_style.celery_manager import CeleryLongCallbackManager, CeleryManager
from impl_dash_style.declaration import OPTIONS, check_keywords
from impl_dash_style.declaration import declare as declare_background
from impl_dash_style.dependencies import DashDependency
from impl_dash_style.diskcache_manager import DiskcacheLongCallbackManager, DiskcacheManager
from impl_dash_style.exceptions import DeclarationError
from impl_dash_style.grouping import leaves

__all__ = [
    "CeleryLongCallbackManager",
    "CeleryManager",
    "DiskcacheLongCallbackManager",
    "DiskcacheManager",
    "declare",
]

_KEYWORDS: Final = ("output", "inputs", "state", "prevent_initial_call", *OPTIONS)


def declare(
    function: Callable[..., object], args: tuple[object, ...], kwargs: dict[str, object]
) -> Callback:
    """The callback that ``app.long_callback(*args, **kwargs)(function)`` declares.

    Raises DeclarationError for what a background callback may not have, for a wildcard anywhere, for an
    entry of ``running`` without an off value, and for a ``cache_by`` that is not a function. It has no
    context, and its components must exist when the app starts.
    """
    if "args" in kwargs:
        raise DeclarationError(
            "args= is the form of Dash Labs: give the app plugins=[FlexibleCallbacks(),"
            " HiddenComponents(), LongCallback(manager)] of impl_dash_style.labs.plugins"
        )
    check_keywords("long_callback", _KEYWORDS, kwargs)
    check_cache_by(kwargs.get("cache_by"))  # so inputs and state are not taken
    _check_no_patterns([*args, kwargs])
    callback = declare_background(function, args, {**kwargs, "background": True})
    check_off_values(callback)
    if not callback.outputs:
        raise DeclarationError(
            "long_callback needs an Output; callback(..., background=True) does not"
        )
    return replace(callback, limited=True)


def check_off_values(callback: Callback) -> None:
    """Raise DeclarationError for a pair in ``running``: only ``callback`` takes one."""
    for entry in callback.background.running if callback.background else ():
        if entry.restores_layout:
            raise DeclarationError(
                f"running: {entry.output} has no off value; expected (Output, value while running,"
                " value afterwards)"
            )


def _check_no_patterns(declared: object) -> None:
    """Raise DeclarationError for a pattern in any place: output, inputs, state, running, cancel or progress."""
    for leaf in leaves(declared):
        if isinstance(leaf, DashDependency) and leaf.has_wildcard():
            raise DeclarationError(
                f"long_callback does not support ids with ALL, MATCH or ALLSMALLER: {leaf!r};"
                " callback(..., background=True) does"
            )
