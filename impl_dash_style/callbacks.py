"""A callback: its signature, and what its function makes of a trigger. How one is declared is elsewhere."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from . import trigger as triggers
from . import wildcards
from .background import Background
from .dependencies import Input, NoUpdate, Output, State
from .encoding import encode, whole
from .exceptions import MissingManagerError, PreventUpdate
from .grouping import leaves, match, replace
from .manager import Manager
from .trigger import Trigger


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
