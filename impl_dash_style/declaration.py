"""What `callback(...)` says, checked and put in one form. Nothing here runs anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from . import caching, wildcards
from .background import OPTIONS as BACKGROUND_OPTIONS
from .background import Background
from .caching import Caching
from .callbacks import Callback
from .dependencies import Input, Output, State, check
from .exceptions import DeclarationError
from .grouping import leaves

OPTIONS: Final = (*BACKGROUND_OPTIONS, *caching.OPTIONS)
"""The keywords that `callback` takes with background=True alone."""

_KEYWORDS: Final = (
    "output",
    "inputs",
    "state",
    "prevent_initial_call",
    "on_error",
    "background",
    *OPTIONS,
)


def declare(
    function: Callable[..., Any],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
) -> Callback:
    """Return the callback that `callback(*args, **kwargs)(function)` declares.

    Raise DeclarationError for unknown keywords, for groupings that hold anything but dependencies, for
    ids that the renderer does not take, and for background options that cannot work or are given to an
    ordinary callback.
    """
    unknown = [name for name in kwargs if name not in _KEYWORDS]
    if unknown:
        raise DeclarationError(
            f"callback() does not know {', '.join(unknown)}; it takes {', '.join(_KEYWORDS)}"
        )
    output, arguments = _signature(args, kwargs)
    check(output, (Output,), "output")
    check(arguments, (Input, State), "inputs and state")
    if not any(isinstance(leaf, Input) for leaf in leaves(arguments)):
        raise DeclarationError("a callback needs an Input, or nothing could ever trigger it")
    options = {name: kwargs[name] for name in OPTIONS if kwargs.get(name) is not None}
    if options and not kwargs.get("background"):
        raise DeclarationError(f"{', '.join(options)} can only be given with background=True")
    cached = {name: options.pop(name) for name in caching.OPTIONS if name in options}
    background = None
    if kwargs.get("background"):
        background = Background.declare(Caching.declare(arguments, **cached), **options)
    new = Callback(function, output, arguments, _prevent(kwargs), _on_error(kwargs), background)
    running = [entry.output for entry in background.running] if background else []
    wildcards.check(new.outputs, [*new.inputs, *new.states], running)
    return new


def _prevent(kwargs: dict[str, Any]) -> bool | None:
    prevent = kwargs.get("prevent_initial_call")
    if (
        prevent == "initial_duplicate"
    ):  # Dash's word beside allow_duplicate: it is called all the same
        return False
    if not isinstance(prevent, bool | None):
        raise DeclarationError(f"prevent_initial_call: expected True or False, not {prevent!r}")
    return prevent


def _on_error(kwargs: dict[str, Any]) -> Callable[[Any], Any] | None:
    handler: Callable[[Any], Any] | None = kwargs.get("on_error")
    check_on_error(handler)
    return handler


def check_on_error(handler: Any) -> None:
    """Refuse an `on_error` that cannot be called."""
    if handler is not None and not callable(handler):
        raise DeclarationError(f"on_error: expected a function of the exception, not {handler!r}")


def _signature(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, Any]:
    """Return the groupings of the outputs and of the arguments."""
    rest = list(_flat(args))
    if "output" in kwargs:
        output = kwargs["output"]
    else:
        output = list(_take(rest, (Output,)))
        if len(output) == 1 and not isinstance(args[0], list | tuple):
            output = output[0]
    if "inputs" in kwargs:
        arguments = _merge(kwargs["inputs"], kwargs.get("state"))
    elif "state" in kwargs:
        raise DeclarationError("state= is given without inputs=; give both by name, or neither")
    else:
        arguments = list(_take(rest, (Input, State)))
        arguments = arguments[0] if len(arguments) == 1 else arguments
    if rest:
        raise DeclarationError(
            f"expected outputs, then inputs and state; {rest[0]!r} is out of place"
        )
    return output, arguments


def _flat(args: tuple[Any, ...]) -> Iterator[Any]:
    """Yield positional arguments; a list or tuple among them stands for its items."""
    for arg in args:
        yield from arg if isinstance(arg, list | tuple) else [arg]


def _take(rest: list[Any], kinds: tuple[type, ...]) -> Iterator[Any]:
    """Take the leading groupings of these kinds out of `rest`."""
    while rest and all(isinstance(leaf, kinds) for leaf in leaves(rest[0])):
        yield rest.pop(0)


def _merge(inputs: Any, state: Any) -> Any:
    """Return one grouping of inputs and state: both dicts, or both by position."""
    if isinstance(inputs, dict) and isinstance(state, dict | None):
        if twice := inputs.keys() & (state or {}).keys():
            raise DeclarationError(f"inputs and state both have {', '.join(map(repr, twice))}")
        return {**inputs, **(state or {})}
    if isinstance(inputs, dict) or isinstance(state, dict):
        raise DeclarationError("inputs and state must both be dicts, or neither")
    return [*_listed(inputs), *_listed(state)]


def _listed(grouping: Any) -> list[Any]:
    if grouping is None:
        return []
    return list(grouping) if isinstance(grouping, list | tuple) else [grouping]
