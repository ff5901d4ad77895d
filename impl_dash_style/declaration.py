"""What ``callback(...)`` says, checked and put in one form. Nothing here runs anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from impl_dash_style import caching, wildcards
from impl_dash_style.background import OPTIONS as BACKGROUND_OPTIONS
from impl_dash_style.background import BackgroundOptions
from impl_dash_style.caching import CacheOptions
from impl_dash_style.callbacks import Callback
from impl_dash_style.dependencies import Input, Output, State, checked
from impl_dash_style.exceptions import DeclarationError
from impl_dash_style.grouping import Grouping, leaves

#: The keywords that ``callback`` takes with background=True alone.
OPTIONS: Final = (*BACKGROUND_OPTIONS, *caching.OPTIONS)

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
    function: Callable[..., object], args: tuple[object, ...], kwargs: dict[str, object]
) -> Callback:
    """The callback that ``callback(*args, **kwargs)(function)`` declares.

    Raises DeclarationError for unknown keywords, for groupings that hold anything but dependencies, for
    ids that the renderer does not take, and for background options that cannot work or are given to an
    ordinary callback.
    """
    check_keywords("callback", _KEYWORDS, kwargs)
    output_shape, argument_shape = _signature(args, kwargs)
    output = checked(output_shape, (Output,), "output")
    arguments: Grouping[Input | State] = checked(argument_shape, (Input, State), "inputs and state")
    if not any(isinstance(leaf, Input) for leaf in arguments.leaves):
        raise DeclarationError("a callback needs an Input; without one, nothing can trigger it")
    background = _background(arguments, kwargs)
    callback = Callback(
        function,
        output,
        arguments,
        _prevent_initial_call(kwargs.get("prevent_initial_call")),
        check_on_error(kwargs.get("on_error")),
        background,
    )
    running = [entry.output for entry in background.running] if background else []
    wildcards.check_instances(callback.outputs, arguments.leaves, running)
    return callback


def check_keywords(name: str, keywords: tuple[str, ...], kwargs: dict[str, object]) -> None:
    """Raise DeclarationError for keywords that the function of this name does not take."""
    if unknown := [keyword for keyword in kwargs if keyword not in keywords]:
        raise DeclarationError(
            f"{name}() got unknown keywords: {', '.join(unknown)}; it takes {', '.join(keywords)}"
        )


def check_on_error(handler: object) -> Callable[[BaseException], object] | None:
    """An ``on_error``, or None. Raises DeclarationError for what cannot be called."""
    if handler is not None and not callable(handler):
        raise DeclarationError(f"on_error: expected a function of the exception, not {handler!r}")
    return handler


def _background(
    arguments: Grouping[Input | State], kwargs: dict[str, object]
) -> BackgroundOptions | None:
    options = {name: kwargs[name] for name in OPTIONS if kwargs.get(name) is not None}
    if not kwargs.get("background"):
        if options:
            raise DeclarationError(
                f"only a callback with background=True takes {', '.join(options)}"
            )
        return None
    cached = {name: options.pop(name) for name in caching.OPTIONS if name in options}
    return BackgroundOptions.declare(CacheOptions.declare(arguments.shape, **cached), **options)


def _prevent_initial_call(prevent: object) -> bool | None:
    if prevent == "initial_duplicate":  # Dash's word beside allow_duplicate: call it all the same
        return False
    if not isinstance(prevent, bool | None):
        raise DeclarationError(f"prevent_initial_call: expected True or False, not {prevent!r}")
    return prevent


def _signature(args: tuple[object, ...], kwargs: dict[str, object]) -> tuple[object, object]:
    """The groupings of the outputs and of the arguments."""
    rest = list(_flat(args))
    output: object
    arguments: object
    if "output" in kwargs:
        output = kwargs["output"]
    else:
        outputs = list(_take(rest, (Output,)))
        is_single = len(outputs) == 1 and not isinstance(args[0], list | tuple)
        output = outputs[0] if is_single else outputs
    if "inputs" in kwargs:
        arguments = _merge(kwargs["inputs"], kwargs.get("state"))
    elif "state" in kwargs:
        raise DeclarationError("state= needs inputs=; give both by name, or neither")
    else:
        taken = list(_take(rest, (Input, State)))
        arguments = taken[0] if len(taken) == 1 else taken
    if rest:
        raise DeclarationError(
            f"{rest[0]!r} is out of place; expected outputs, then inputs and state"
        )
    return output, arguments


def _flat(args: tuple[object, ...]) -> Iterator[object]:
    """The positional arguments, with the parts of a list or tuple in its place."""
    for arg in args:
        yield from arg if isinstance(arg, list | tuple) else [arg]


def _take(rest: list[object], kinds: tuple[type, ...]) -> Iterator[object]:
    """Take the leading groupings of these kinds out of ``rest``."""
    while rest and all(isinstance(leaf, kinds) for leaf in leaves(rest[0])):
        yield rest.pop(0)


def _merge(inputs: object, state: object) -> object:
    """One grouping of inputs and state: both dicts, or both by position."""
    if isinstance(inputs, dict) and isinstance(state, dict | None):
        if repeated := inputs.keys() & (state or {}).keys():
            raise DeclarationError(f"inputs and state both have {', '.join(map(repr, repeated))}")
        return {**inputs, **(state or {})}
    if isinstance(inputs, dict) or isinstance(state, dict):
        raise DeclarationError("inputs and state must both be dicts, or neither")
    return [*_listed(inputs), *_listed(state)]


def _listed(grouping: object) -> list[object]:
    if grouping is None:
        return []
    return list(grouping) if isinstance(grouping, list | tuple) else [grouping]
