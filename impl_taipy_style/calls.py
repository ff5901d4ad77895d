"""Running the functions of a user's program, whatever kind they are and whatever they raise."""

from __future__ import annotations

import functools
import inspect
import logging
from collections.abc import Callable, Sequence
from typing import Any

from impl_taipy_style.arguments import Arguments, fit
from impl_taipy_style.state import State

_log = logging.getLogger("impl_taipy_style")


def call(function: Callable[..., Any], arguments: Arguments) -> Any:
    """What ``function`` returns; a coroutine is run to its end in a loop of its own."""
    positional, keyword = arguments
    value = function(*positional, **keyword)
    if inspect.iscoroutine(value):
        import asyncio  # Here, because it takes longer to import than the rest of this package.

        return asyncio.run(value)
    return value


def call_handler(state: State, name: str, values: Sequence[Any]) -> None:
    """Call the program's function ``name`` with as many of ``values`` as it takes, if it exists."""
    handler = state._client.module.get(name)
    if callable(handler):
        call_safely(state, handler, fit(handler, values))


def call_safely(state: State, function: Callable[..., Any], arguments: Arguments) -> None:
    """Call ``function``; what it raises is reported and goes no further."""
    try:
        call(function, arguments)
    except BaseException as error:  # noqa: BLE001 - SystemExit too ends a thread in silence
        report(state, function, error)


def report(state: State, function: Callable[..., Any], error: BaseException) -> None:
    """Hand ``error`` to the program's ``on_exception(state, function_name, exception)``.

    A program without one, or one whose ``on_exception`` raises, gets a warning in its log.
    """
    handler = state._client.module.get("on_exception")
    if callable(handler) and function is not handler:
        call_safely(state, handler, fit(handler, [state, name_of(function), error]))
    else:
        _log.warning("%s raised %s", name_of(function), type(error).__name__, exc_info=error)


def name_of(function: Callable[..., Any]) -> str:
    """The name of a function, of what a ``partial`` wraps, or of a callable object's class."""
    if isinstance(function, functools.partial):
        return name_of(function.func)
    return str(getattr(function, "__name__", type(function).__name__))
