"""The context: what a function can learn of its own trigger while it runs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from . import trigger as triggers
from .exceptions import MissingCallbackContextException
from .wildcards import text

if TYPE_CHECKING:
    from .callbacks import Callback
    from .side_updates import SideUpdate
    from .trigger import Trigger


@dataclass(frozen=True)
class Context:
    """What a running function belongs to, and where its side updates go."""

    callback: Callback
    trigger: Trigger
    set_props: Callable[[SideUpdate], None]


_current: Final[ContextVar[Context | None]] = ContextVar("context", default=None)


@contextmanager
def use(context: Context) -> Iterator[None]:
    """Make it the context of what is called within."""
    token = _current.set(context)
    try:
        yield
    finally:
        _current.reset(token)


def current(asked: str) -> Context:
    """Return the context. Raise MissingCallbackContextException outside of a callback."""
    context = _current.get()
    if context is None:
        raise MissingCallbackContextException(f"{asked} can only be used while a callback runs")
    return context


class Attributes(dict[str, Any]):
    """A dictionary whose items are attributes too, so that `ctx.triggered_id.index` is one."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


class NoTrigger(list[dict[str, Any]]):
    """`triggered` of an initial call: false, although it has an item, on which programs count."""

    def __bool__(self) -> bool:
        return False


class CallbackContext:
    """What `ctx` offers. Each value is that of the trigger for which the function was called."""

    @property
    def triggered(self) -> list[dict[str, Any]]:
        """The properties whose change is the trigger: `prop_id` (`id.property`) and `value` of each."""
        values = self.inputs
        changed = [{"prop_id": name, "value": values.get(name)} for name in _asked().changed]
        return changed or NoTrigger([{"prop_id": ".", "value": None}])

    @property
    def triggered_prop_ids(self) -> dict[str, Any]:
        """The ids of the components that changed, by `id.property`."""
        return Attributes({name: _id(name) for name in _asked().changed})

    @property
    def triggered_id(self) -> Any:
        """The id of the component that changed first, or None for an initial call."""
        return next(iter(self.triggered_prop_ids.values()), None)

    @property
    def inputs(self) -> dict[str, Any]:
        """The values of the inputs, by `id.property`."""
        return _values(_asked().inputs)

    @property
    def states(self) -> dict[str, Any]:
        """The values of the state, by `id.property`."""
        return _values(_asked().states)

    @property
    def inputs_list(self) -> list[Any]:
        """The inputs in their order: `id`, `property` and `value`; a list of them for a wildcard."""
        return _asked().inputs

    @property
    def states_list(self) -> list[Any]:
        """The state, as `inputs_list` has the inputs."""
        return _asked().states

    @property
    def outputs_list(self) -> Any:
        """The outputs as `inputs_list` has the inputs, without values. A single one in no list."""
        outputs = _asked().outputs
        return outputs if current("ctx").callback.several else outputs[0]

    @property
    def args_grouping(self) -> Any:
        """The arguments in the form in which they are declared, each with what is known of it."""
        changed = set(_asked().changed)

        def known(items: Any) -> Any:
            if isinstance(items, list):
                return [known(item) for item in items]
            id = Attributes(items["id"]) if isinstance(items["id"], dict) else items["id"]
            triggered = triggers.name(items) in changed
            told = {"value": None, **items, "id": id, "id_str": text(id), "triggered": triggered}
            return Attributes(told)

        context = current("ctx")
        return _attributes(context.callback.fill(context.trigger, known))


ctx: Final = CallbackContext()


def _asked() -> Trigger:
    """Return the trigger that the function may know of."""
    context = current("ctx")
    if context.callback.limited:
        raise MissingCallbackContextException(
            "long_callback does not support callback_context; use callback(..., background=True)"
        )
    return context.trigger


def _values(lists: list[Any]) -> dict[str, Any]:
    return Attributes({triggers.name(item): item.get("value") for item in triggers.flat(lists)})


def _id(name: str) -> Any:
    id = name.rpartition(".")[0]
    return Attributes(json.loads(id)) if id.startswith("{") else id


def _attributes(grouping: Any) -> Any:
    if isinstance(grouping, dict) and not isinstance(grouping, Attributes):
        return Attributes({key: _attributes(item) for key, item in grouping.items()})
    if isinstance(grouping, list | tuple):
        return type(grouping)(map(_attributes, grouping))
    return grouping
