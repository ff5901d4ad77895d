"""What `callback(...)` says, checked and put in one form. Nothing here runs anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from .background import OPTIONS, Background
from .dependencies import Input, NoUpdate, Output, State, check
from .encoding import encode
from .exceptions import DeclarationError, MissingManagerError, PreventUpdate
from .grouping import leaves, match, replace
from .manager import Manager

_KEYWORDS: Final = ("output", "inputs", "state", "prevent_initial_call", "background", *OPTIONS)


@dataclass(frozen=True)
class Callback:
    """A declared callback.

    `output` is a grouping of Output. `arguments` is a grouping of Input and State: a dict calls the
    function by name, anything else by position. `prevent_initial_call` is None where the app
    decides. `background` is None for an ordinary callback.
    """

    function: Callable[..., Any]
    output: Any
    arguments: Any
    prevent_initial_call: bool | None
    background: Background | None

    @property
    def id(self) -> str:
        """The name by which the renderer asks for this callback."""
        names = [str(output) for output in self.outputs]
        return names[0] if isinstance(self.output, Output) else f"..{'...'.join(names)}.."

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

    def call(self, values: dict[str, Any], *first: Any) -> Any:
        """Call the function. `values` holds what the page sent, by `id.property`."""
        grouping = self.arguments if isinstance(self.arguments, dict | list) else [self.arguments]
        arguments = replace(grouping, lambda leaf: values.get(str(leaf)))
        if isinstance(arguments, dict):
            return self.function(*first, **arguments)
        return self.function(*first, *arguments)

    def response(self, result: Any) -> str:
        """Return the updates that a result means, as JSON. Raise PreventUpdate if it means none."""
        if isinstance(result, NoUpdate):
            raise PreventUpdate
        values = match(self.output, result, f"the result of {self.id}")
        updates: dict[str, dict[str, Any]] = {}
        for output, value in zip(self.outputs, values, strict=True):
            if not isinstance(value, NoUpdate):
                properties = updates.setdefault(output.component_id_str(), {})
                properties[output.component_property] = value
        if not updates:
            raise PreventUpdate
        return encode(updates)


def declare(
    function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Callback:
    """Return the callback that `callback(*args, **kwargs)(function)` declares.

    Raise DeclarationError for unknown keywords, for groupings that hold anything but dependencies,
    and for background options that cannot work or are given to an ordinary callback.
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
    background = Background.declare(**options) if kwargs.get("background") else None
    prevent = kwargs.get("prevent_initial_call")
    if not isinstance(prevent, bool | None):
        raise DeclarationError(f"prevent_initial_call: expected True or False, not {prevent!r}")
    return Callback(function, output, arguments, prevent, background)


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
    if not list(leaves(output)):
        raise DeclarationError("a callback needs an Output")
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
        return {**inputs, **(state or {})}
    if isinstance(inputs, dict) or isinstance(state, dict):
        raise DeclarationError("inputs and state must both be dicts, or neither")
    return [*_listed(inputs), *_listed(state)]


def _listed(grouping: Any) -> list[Any]:
    if grouping is None:
        return []
    return list(grouping) if isinstance(grouping, list | tuple) else [grouping]
