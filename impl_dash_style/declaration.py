"""What `callback(...)` says, checked and put in one form. Nothing here runs anything."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from . import caching, wildcards
from . import trigger as triggers
from .background import OPTIONS as BACKGROUND_OPTIONS
from .background import Background
from .caching import Caching
from .dependencies import Input, NoUpdate, Output, State, check
from .encoding import encode, whole
from .exceptions import DeclarationError, MissingManagerError, PreventUpdate
from .grouping import leaves, match, replace
from .manager import Manager
from .trigger import Trigger

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


@dataclass(frozen=True)
class Callback:
    """A declared callback.

    `output` is a grouping of Output, perhaps an empty one. `arguments` is a grouping of Input and
    State: a dict calls the function by name, anything else by position. `prevent_initial_call` and
    `on_error` are None where the app decides. `background` is None for an ordinary callback.
    `limited` says that it has the limits of a long callback: no context, and components that are known
    when the app starts. `number` is its place among the app's callbacks.
    """

    function: Callable[..., Any]
    output: Any
    arguments: Any
    prevent_initial_call: bool | None
    on_error: Callable[[Any], Any] | None
    background: Background | None
    limited: bool = False
    number: int = 0

    @property
    def id(self) -> str:
        """The name by which the renderer asks for this callback."""
        if not self.outputs:
            return f"no-output-{self.number}-{getattr(self.function, '__name__', '')}"
        names = [
            f"{output}@{self.number}" if output.allow_duplicate else str(output)
            for output in self.outputs
        ]
        return f"..{'...'.join(names)}.." if self.several else names[0]

    @property
    def several(self) -> bool:
        """Whether the outputs are a list to the renderer."""
        return not isinstance(self.output, Output)

    @property
    def identity(self) -> str:
        """What tells the callback from those of other programs too, also after a restart."""
        function = inspect.unwrap(self.function)
        file = os.path.basename(getattr(getattr(function, "__code__", None), "co_filename", ""))
        return f"{file} {getattr(function, '__qualname__', '')} {self.id}"

    @property
    def outputs(self) -> list[Output]:
        return list(leaves(self.output))

    @property
    def inputs(self) -> list[Input]:
        return [leaf for leaf in leaves(self.arguments) if isinstance(leaf, Input)]

    @property
    def states(self) -> list[State]:
        return [leaf for leaf in leaves(self.arguments) if isinstance(leaf, State)]

    @property
    def dependencies(self) -> list[Any]:
        """All that it names."""
        named: list[Any] = [*self.outputs, *self.inputs, *self.states]
        if self.background:
            named += [entry.output for entry in self.background.running]
            named += [*self.background.cancel, *self.background.progress_outputs]
        return named

    @property
    def cancels(self) -> list[Input]:
        """The cancel inputs, but for those that trigger it: there, a new run replaces the older."""
        named = self.background.cancel if self.background else ()
        return [input for input in named if input not in self.inputs]

    def manager(self, default: Manager | None) -> Manager:
        """Return the manager of its jobs: its own, or else the app's. Raise MissingManagerError."""
        manager = (self.background.manager if self.background else None) or default
        if manager is None:
            raise MissingManagerError(
                f"the background callback of {self.id} has no manager: give it manager=...,"
                " or give the app background_callback_manager=..."
            )
        return manager

    def fill(self, trigger: Trigger, change: Callable[[Any], Any]) -> Any:
        """Return the arguments' grouping with `change` of what the page sent in place of each."""
        inputs, states = iter(trigger.inputs), iter(trigger.states)
        return replace(
            self.arguments,
            lambda leaf: change(next(inputs if isinstance(leaf, Input) else states)),
        )

    def call(self, trigger: Trigger, *first: Any) -> Any:
        """Call the function with the arguments of a trigger."""
        arguments = self.fill(trigger, triggers.value)
        if isinstance(self.arguments, dict):
            return self.function(*first, **arguments)
        if isinstance(self.arguments, list):
            return self.function(*first, *arguments)
        return self.function(*first, arguments)

    def values(self, trigger: Trigger) -> dict[str, Any]:
        """Return the values of inputs and state by `id.property`, as the callback names them."""
        names = map(str, [*self.inputs, *self.states])
        return dict(
            zip(names, map(triggers.value, [*trigger.inputs, *trigger.states]), strict=True)
        )

    def run(self, trigger: Trigger, *first: Any, errors: list[BaseException] | None = None) -> str:
        """Call the function, and `on_error` if it fails. Return the updates as JSON, or raise.

        `errors` takes the error on which `on_error` is called.
        """
        try:
            return self.response(trigger, self.call(trigger, *first))
        except PreventUpdate:
            raise
        except BaseException as error:  # noqa: BLE001  SystemExit too: there is no result
            if errors is not None:
                errors.append(error)
            return self.rescue(trigger, error)

    def rescue(self, trigger: Trigger, error: BaseException) -> str:
        """Return the updates that `on_error` puts in the place of a result. Raise `error` without it."""
        if self.on_error is None:
            raise error
        result = self.on_error(error)
        if result is None or not self.outputs:
            raise PreventUpdate
        return self.response(trigger, result)

    def response(self, trigger: Trigger, result: Any) -> str:
        """Return the updates that a result means, as JSON. Raise PreventUpdate if it means none."""
        if isinstance(result, NoUpdate):
            raise PreventUpdate
        if not self.outputs:
            if result is not None:
                raise ValueError(f"{self.id} has no output, and cannot return {result!r}")
            return encode({})
        values = match(self.output, result, f"the result of {self.id}")
        updates: dict[str, dict[str, Any]] = {}
        for output, items, value in zip(self.outputs, trigger.outputs, values, strict=True):
            for item, part in _parts(output, items, value):
                if not isinstance(part, NoUpdate):
                    properties = updates.setdefault(wildcards.text(item["id"]), {})
                    properties[item["property"]] = whole(part)
        if not updates:
            raise PreventUpdate
        return encode(updates)


def _parts(output: Output, items: Any, value: Any) -> Iterator[tuple[dict[str, Any], Any]]:
    """Yield each component that an output stands for, with its part of the value."""
    if not isinstance(items, list):
        yield items, value
    elif isinstance(value, NoUpdate):
        return
    elif isinstance(value, list | tuple) and len(value) == len(items):
        yield from zip(items, value, strict=True)
    else:
        raise ValueError(
            f"the result for {output} must be a list with an item for each of the {len(items)}"
            f" components that it stands for, not {value!r}"
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
    ):  # what Dash asks for beside allow_duplicate: a call all the same
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
