"""Dispatch: what the Dash renderer asks of the callbacks, and what it is answered."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from werkzeug.exceptions import BadRequest, Forbidden

from . import context
from .callbacks import Callback
from .context import Context
from .dependencies import Input
from .encoding import encode, join
from .exceptions import PreventUpdate
from .handles import BadHandle, Handles
from .manager import Manager
from .runs import Runs
from .side_updates import SideUpdate, merged
from .store import secret
from .trigger import BadTrigger, Trigger

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
        policies = [runs.manager.policy for runs in self._runs.values()]
        self.knows_visitors = any(isinstance(by, str) for p in policies for by in p.by)

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
        name, order = _name(payload), _order(query)
        if name in self._cancels:
            self._cancel(self._cancels[name], query)
            return None
        if name not in self._callbacks:
            raise BadRequest(f"there is no callback with the output {name}")
        trigger = _trigger(self._callbacks[name], payload)
        if name not in self._runs:
            return _call(self._callbacks[name], trigger)
        page, handles = self._verified(query)
        if "cacheKey" in query:
            again = "again" in query
            answer = self._runs[name].poll(page, handles["cacheKey"], trigger, order, again)
            return None if answer is None else join(answer)
        run = self._runs[name].start(page, trigger, order)
        return encode(self._first_answer(self._runs[name], self.handles.for_run(page, run)))

    def _first_answer(self, runs: Runs, handle: str) -> dict[str, Any]:
        """Return the answer to a start. The page applies `progressDefault` itself, at any end.

        By `job` the renderer remembers what it waits for, under the run's outputs, and forgets it when
        the same outputs are asked for again. It takes all callbacks without output for the same one,
        and is told no `job` of theirs; a replaced run of theirs ends when its newest does.
        """
        defaults = runs.background.default_updates()
        answer = {"cacheKey": handle, "progressDefault": defaults}
        return answer | {"job": handle} if runs.callback.outputs else answer

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


def _call(callback: Callback, trigger: Trigger) -> str | None:
    """Call an ordinary callback. Return its answer."""
    updates: list[SideUpdate] = []
    try:
        with context.use(Context(callback, trigger, updates.append)):
            response = callback.run(trigger)
    except PreventUpdate:
        if not updates:
            return None
        response = encode({})
    side = {"sideUpdate": merged(updates)} if updates else {}
    return join({"multi": "true", **side, "response": response})


def _name(payload: Any) -> str:
    """Return the id of the callback that a request is for."""
    if not isinstance(payload, dict) or not isinstance(payload.get("output"), str):
        raise BadRequest("not the request of a callback")
    return str(payload["output"])


def _trigger(callback: Callback, payload: Any) -> Trigger:
    try:
        return Trigger.read(callback, payload)
    except BadTrigger as error:
        raise BadRequest(str(error)) from None


def _order(query: Mapping[str, str]) -> int | None:
    """Return the request's place among the page's own, if it says so."""
    order = query.get("order", "")
    return int(order) if order.isdecimal() else None
