"""The context: what a function can learn of its own trigger while it runs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from impl_dash_style.exceptions import MissingCallbackContextException
from impl_dash_style.wire import Sent, flat, id_text, prop_id

if TYPE_CHECKING:
    from impl_dash_style.callbacks import Callback
    from impl_dash_style.side_updates import SideUpdate
    from impl_dash_style.trigger import Trigger


@dataclass(frozen=True)
class RunningCall:
    """What a running function belongs to."""

    callback: Callback
    trigger: Trigger
    set_props: Callable[[SideUpdate], None]  # where its side updates go


_current: Final[ContextVar[RunningCall | None]] = ContextVar("running_call", default=None)


@contextmanager
def use(call: RunningCall) -> Iterator[None]:
    """Make it the context of the code within."""
    token = _current.set(call)
    try:
        yield
    finally:
        _current.reset(token)


def current(name: str) -> RunningCall:
    """The running call. Raises MissingCallbackContextException for ``name`` outside a callback."""
    call = _current.get()
    if call is None:
        raise MissingCallbackContextException(f"{name} can only be used while a callback runs")
    return call


class Attributes(dict[str, Any]):
    """A dictionary whose keys are attributes too, as in ``ctx.triggered_id.index``."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


class NoTrigger(list[dict[str, Any]]):
    """``triggered`` of an initial call: falsy, although programs can read its one entry."""

    def __bool__(self) -> bool:
        return False


class CallbackContext:
    """What ``ctx`` offers: facts of the trigger for which the function was called."""

    @property
    def triggered(self) -> list[dict[str, Any]]:
        """``prop_id`` (``id.property``) and ``value`` of each property that has changed."""
        values = self.inputs
        changed = [{"prop_id": name, "value": values.get(name)} for name in _trigger().changed]
        return changed or NoTrigger([{"prop_id": ".", "value": None}])

    @property
    def triggered_prop_ids(self) -> dict[str, Any]:
        """The ids of the components that changed, by ``id.property``."""
        return Attributes({name: _id(name) for name in _trigger().changed})

    @property
    def triggered_id(self) -> Any:
        """The id of the component that changed first, or None for an initial call."""
        return next(iter(self.triggered_prop_ids.values()), None)

    @property
    def inputs(self) -> dict[str, Any]:
        """The values of the inputs, by ``id.property``."""
        return _values(_trigger().inputs)

    @property
    def states(self) -> dict[str, Any]:
        """The values of the state, by ``id.property``."""
        return _values(_trigger().states)

    @property
    def inputs_list(self) -> list[Sent]:
        """The inputs in their order: ``id``, ``property`` and ``value``; a list of them for a wildcard."""
        return _trigger().inputs

    @property
    def states_list(self) -> list[Sent]:
        """The state, as ``inputs_list`` has the inputs."""
        return _trigger().states

    @property
    def outputs_list(self) -> list[Sent] | Sent:
        """The outputs as ``inputs_list`` has the inputs, without values. A single one without a list."""
        outputs = _trigger().outputs
        return outputs if current("ctx").callback.several else outputs[0]

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies of the request that carries the trigger."""
        return _trigger().request.cookies

    @property
    def headers(self) -> dict[str, str]:
        """Its headers."""
        return _trigger().request.headers

    @property
    def path(self) -> str:
        """Its path with the query parameters."""
        return _trigger().request.path

    @property
    def args(self) -> dict[str, str]:
        """Its query parameters."""
        return _trigger().request.args

    @property
    def remote(self) -> str | None:
        """The address that it comes from."""
        return _trigger().request.remote

    @property
    def origin(self) -> str | None:
        """The header ``Origin``, which names the page's host."""
        return _trigger().request.origin

    @property
    def args_grouping(self) -> Any:
        """The arguments in the form in which they are declared, each as ``inputs_list`` has it, and with
        ``id_str`` and ``triggered``."""
        changed = set(_trigger().changed)

        def described(sent: Sent) -> object:
            if isinstance(sent, list):
                return [described(prop) for prop in sent]
            id = Attributes(sent["id"]) if isinstance(sent["id"], dict) else sent["id"]
            facts = {"id": id, "id_str": id_text(id), "triggered": prop_id(sent) in changed}
            return Attributes({"value": None, **sent, **facts})

        call = current("ctx")
        arguments = call.callback.arguments.fill(map(described, call.callback.sent(call.trigger)))
        return _with_attributes(arguments)


ctx: Final = CallbackContext()


def _trigger() -> Trigger:
    """The trigger, of which a long callback must not know."""
    call = current("ctx")
    if call.callback.limited:
        raise MissingCallbackContextException(
            "long_callback does not support callback_context; use callback(..., background=True)"
        )
    return call.trigger


def _values(sent: Iterable[Sent]) -> dict[str, Any]:
    return Attributes({prop_id(prop): prop.get("value") for prop in flat(sent)})


def _id(name: str) -> str | Attributes:
    id = name.rpartition(".")[0]
    return Attributes(json.loads(id)) if id.startswith("{") else id


def _with_attributes(grouping: object) -> object:
    if isinstance(grouping, dict) and not isinstance(grouping, Attributes):
        return Attributes({key: _with_attributes(part) for key, part in grouping.items()})
    if isinstance(grouping, list | tuple):
        return type(grouping)(map(_with_attributes, grouping))
    return grouping
