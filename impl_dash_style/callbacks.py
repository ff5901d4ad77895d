"""A callback: its signature, and what its function makes of a trigger. ``declaration`` says how to declare it."""

from __future__ import annotations

import asyncio
import inspect
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from dash.dependencies import DashDependency

from impl_dash_style.background import BackgroundOptions
from impl_dash_style.dependencies import Input, NoUpdate, Output, State
from impl_dash_style.encoding import Json, encode, literal
from impl_dash_style.exceptions import MissingManagerError, PreventUpdate
from impl_dash_style.grouping import Grouping
from impl_dash_style.manager import Manager
from impl_dash_style.trigger import Trigger
from impl_dash_style.wire import PropValue, Sent, id_text, value_of


@dataclass(frozen=True)
class Callback:
    """A declared callback."""

    function: Callable[..., object]
    output: Grouping[Output]  # perhaps an empty one
    arguments: Grouping[Input | State]  # a dict calls the function by name
    prevent_initial_call: bool | None  # None: as the app says
    on_error: Callable[[BaseException], object] | None  # None: as the app says
    background: BackgroundOptions | None  # None: an ordinary callback
    # The limits of a long callback: no context, and components that exist when the app starts.
    limited: bool = False
    number: int = 0  # its place among the app's callbacks

    @property
    def id(self) -> str:
        """The name by which the renderer calls it."""
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
        return not isinstance(self.output.shape, Output)

    @property
    def identity(self) -> str:
        """What tells it from all callbacks, those of other programs too, also after a restart."""
        function = inspect.unwrap(self.function)
        file = os.path.basename(getattr(getattr(function, "__code__", None), "co_filename", ""))
        return f"{file} {getattr(function, '__qualname__', '')} {self.id}"

    @property
    def outputs(self) -> tuple[Output, ...]:
        return self.output.leaves

    @property
    def inputs(self) -> list[Input]:
        return [leaf for leaf in self.arguments.leaves if isinstance(leaf, Input)]

    @property
    def states(self) -> list[State]:
        return [leaf for leaf in self.arguments.leaves if isinstance(leaf, State)]

    @property
    def dependencies(self) -> list[DashDependency]:
        """Everything that it names."""
        named: list[DashDependency] = [*self.outputs, *self.inputs, *self.states]
        if self.background:
            named += [entry.output for entry in self.background.running]
            named += [*self.background.cancel, *self.background.progress_outputs]
        return named

    @property
    def cancels(self) -> list[Input]:
        """The cancel inputs that do not also trigger it; a trigger replaces the older run anyway."""
        cancel = self.background.cancel if self.background else ()
        return [input for input in cancel if input not in self.inputs]

    def manager(self, default: Manager | None) -> Manager:
        """The manager of its jobs: its own, or else the app's. Raises MissingManagerError."""
        manager = (self.background.manager if self.background else None) or default
        if manager is None:
            raise MissingManagerError(
                f"the background callback of {self.id} has no manager: give it manager=...,"
                " or give the app background_callback_manager=..."
            )
        return manager

    def sent(self, trigger: Trigger) -> Iterator[Sent]:
        """What the page sent for each argument, in the order of the grouping."""
        inputs, states = iter(trigger.inputs), iter(trigger.states)
        return (
            next(inputs if isinstance(leaf, Input) else states) for leaf in self.arguments.leaves
        )

    def values(self, trigger: Trigger) -> dict[str, Json]:
        """The values of inputs and state by ``id.property``, as the callback names them."""
        names = map(str, [*self.inputs, *self.states])
        return dict(zip(names, map(value_of, [*trigger.inputs, *trigger.states]), strict=True))

    def run(
        self, trigger: Trigger, *first: object, errors: list[BaseException] | None = None
    ) -> str:
        """Call the function, and ``on_error`` if it fails. Returns the updates as JSON, or raises.

        ``first`` goes before the arguments. ``errors`` takes the error on which ``on_error`` is called.
        """
        try:
            args, kwargs = self.arguments.fill_call(map(value_of, self.sent(trigger)))
            return self._updates(trigger, _finished(self.function(*first, *args, **kwargs)))
        except PreventUpdate:
            raise
        except BaseException as error:  # noqa: BLE001  SystemExit too: there is no result
            if errors is not None:
                errors.append(error)
            return self.rescue(trigger, error)

    def rescue(self, trigger: Trigger, error: BaseException) -> str:
        """The updates that ``on_error`` puts in the place of a result. Raises ``error`` without it."""
        if self.on_error is None:
            raise error
        result = self.on_error(error)
        if result is None or not self.outputs:
            raise PreventUpdate
        return self._updates(trigger, result)

    def _updates(self, trigger: Trigger, result: object) -> str:
        """The updates that a result means, as JSON. Raises PreventUpdate if it means none."""
        if isinstance(result, NoUpdate):
            raise PreventUpdate
        if not self.outputs:
            if result is not None:
                raise ValueError(f"{self.id} has no output, so it must return None, not {result!r}")
            return encode({})
        values = self.output.match(result, f"the result of {self.id}")
        updates: dict[str, dict[str, object]] = {}
        for output, sent, value in zip(self.outputs, trigger.outputs, values, strict=True):
            for prop, part in _parts(output, sent, value):
                if not isinstance(part, NoUpdate):
                    properties = updates.setdefault(id_text(prop["id"]), {})
                    properties[prop["property"]] = literal(part)
        if not updates:
            raise PreventUpdate
        return encode(updates)


def _finished(result: object) -> object:
    """What a function returns; that of a coroutine function is run to its end."""
    return asyncio.run(result) if inspect.iscoroutine(result) else result


def _parts(output: Output, sent: Sent, value: object) -> Iterator[tuple[PropValue, object]]:
    """Each component that an output stands for, with its part of the value."""
    if not isinstance(sent, list):
        yield sent, value
    elif isinstance(value, NoUpdate):
        return
    elif isinstance(value, list | tuple) and len(value) == len(sent):
        yield from zip(sent, value, strict=True)
    else:
        raise ValueError(
            f"the result for {output} must be a list with one value for each of its {len(sent)}"
            f" components, not {value!r}"
        )
