"""Dispatch: what the Dash renderer asks of the callbacks, and what it is answered."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from werkzeug.exceptions import BadRequest, Forbidden

from .declaration import Callback
from .dependencies import Input, State
from .encoding import encode, join
from .exceptions import PreventUpdate
from .handles import BadHandle, Handles
from .manager import Manager
from .runs import Runs
from .store import secret

_HANDLES: Final = ("cacheKey", "job", "oldJob", "cancelJob")
"""The arguments of a request that name runs. `oldJob` and `cancelJob` add nothing to the table."""


@dataclass(frozen=True)
class Cancel:
    """A cancel input, and the background callbacks that its change cancels.

    The renderer knows it as a callback of its own. `id` names that one's output, which is never
    set; what follows the @ keeps two inputs of one component apart.
    """

    input: Input
    callbacks: tuple[Callback, ...]

    @property
    def id(self) -> str:
        return f"{self.input.component_id_str()}.id@{self.input.component_property}"


class Dispatch:
    """Answers the renderer's requests about one program's callbacks."""

    def __init__(self, callbacks: list[Callback], manager: Manager | None) -> None:
        """Take the callbacks, and the manager of those that name none. MissingManagerError."""
        self._callbacks = {callback.id: callback for callback in callbacks}
        self._cancels = {cancel.id: cancel for cancel in cancels(callbacks)}
        self._runs = {
            c.id: Runs(c, c.background, c.manager(manager)) for c in callbacks if c.background
        }
        self.handles = Handles(self._secret())

    def _secret(self) -> bytes:
        """Return what signs the handles. All server processes find it in the first manager's store."""
        for runs in self._runs.values():
            with runs.manager.session() as store:
                return secret(store)
        return os.urandom(32)  # no background callbacks: no run has a handle

    def answer(self, payload: Any, query: Mapping[str, str]) -> str | None:
        """Return the answer as JSON, or None where nothing is to be updated.

        Raise BadRequest or Forbidden for what no renderer would send, CallbackFailure for a job
        without a result, and what the function of an ordinary callback raises.
        """
        name, values = _read(payload)
        if name in self._cancels:
            self._cancel(self._cancels[name], query)
            return None
        if name not in self._callbacks:
            raise BadRequest(f"there is no callback with the output {name}")
        if name not in self._runs:
            return _call(self._callbacks[name], values)
        page, handles = self._verified(query)
        if "cacheKey" in query:
            answer = self._runs[name].poll(page, handles["cacheKey"], "again" in query)
            return None if answer is None else join(answer)
        run = self._runs[name].start(page, values, _order(query))
        handle = self.handles.for_run(page, run)
        # The page applies `progressDefault` itself, however the run ends.
        defaults = self._runs[name].background.default_updates()
        return encode({"cacheKey": handle, "job": handle, "progressDefault": defaults})

    def _cancel(self, cancel: Cancel, query: Mapping[str, str]) -> None:
        """Cancel the page's jobs. Their handles are not needed: the table knows them all."""
        page, _ = self._verified(query)
        for callback in cancel.callbacks:
            self._runs[callback.id].cancel(page, str(cancel.input), _order(query))

    def _verified(self, query: Mapping[str, str]) -> tuple[str, dict[str, str]]:
        """Return the page's id and those of the runs that a request names. Raise Forbidden."""
        try:
            page = self.handles.page(query.get("endId", ""))
            return page, {
                name: self.handles.run(page, query[name]) for name in _HANDLES if name in query
            }
        except BadHandle as error:
            raise Forbidden(str(error)) from None


def cancels(callbacks: Iterable[Callback]) -> list[Cancel]:
    """Return the cancel inputs of all callbacks, each once."""
    named: dict[str, tuple[Input, list[Callback]]] = {}
    for callback in callbacks:
        for input in callback.cancels:
            named.setdefault(str(input), (input, []))[1].append(callback)
    return [Cancel(input, tuple(found)) for input, found in named.values()]


def _call(callback: Callback, values: dict[str, Any]) -> str | None:
    try:
        return join({"multi": "true", "response": callback.response(callback.call(values))})
    except PreventUpdate:
        return None


def _read(payload: Any) -> tuple[str, dict[str, Any]]:
    """Return the callback's id, and the values of inputs and state by `id.property`."""
    try:
        sent = [*payload["inputs"], *(payload.get("state") or ())]
        values = {str(State(item["id"], item["property"])): item.get("value") for item in sent}
        return str(payload["output"]), values
    except (KeyError, TypeError, AttributeError) as error:
        raise BadRequest(f"not the request of a callback: {error!r}") from None


def _order(query: Mapping[str, str]) -> int | None:
    """Return the request's place among the page's own, if it says so."""
    order = query.get("order", "")
    return int(order) if order.isdecimal() else None
