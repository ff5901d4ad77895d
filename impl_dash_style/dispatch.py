"""Dispatch: the answers to the Dash renderer's requests about callbacks."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from werkzeug.exceptions import BadRequest, Forbidden

from impl_dash_style import context, incoming
from impl_dash_style.callbacks import Callback
from impl_dash_style.context import RunningCall
from impl_dash_style.dependencies import Input
from impl_dash_style.encoding import Json, encode, join
from impl_dash_style.exceptions import PreventUpdate
from impl_dash_style.handles import BadHandle, Handles
from impl_dash_style.manager import Manager
from impl_dash_style.runs import MAX_JOBS_PER_PAGE, Runs
from impl_dash_style.side_updates import SideUpdate, merged
from impl_dash_style.store import signing_secret
from impl_dash_style.trigger import BadTrigger, Trigger

#: The arguments of a request that name runs. ``oldJob`` and ``cancelJob`` say nothing that the page's runs do not.
_HANDLES: Final = ("cacheKey", "job", "oldJob", "cancelJob")


@dataclass(frozen=True)
class CancelInput:
    """A cancel input, and the background callbacks that its change cancels.

    To the renderer it is a callback of its own.
    """

    input: Input
    callbacks: tuple[Callback, ...]

    @property
    def id(self) -> str:
        """The output of that callback, which is never set. The part after the @ keeps two inputs of one
        component apart."""
        return f"{self.input.component_id_str()}.id@{self.input.component_property}"


class Dispatch:
    """Answers the renderer's requests about one program's callbacks."""

    def __init__(
        self,
        callbacks: Sequence[Callback],
        manager: Manager | None,
        max_jobs: int = MAX_JOBS_PER_PAGE,
    ) -> None:
        """``manager`` is that of callbacks that name none. Raises MissingManagerError where one is needed."""
        self._callbacks = {callback.id: callback for callback in callbacks}
        self._cancels = {cancel.id: cancel for cancel in cancel_inputs(callbacks)}
        self._runs = {
            c.id: Runs(c, c.background, c.manager(manager), max_jobs)
            for c in callbacks
            if c.background
        }
        for manager in {id(runs.manager): runs.manager for runs in self._runs.values()}.values():
            manager.prepare([r.callback for r in self._runs.values() if r.manager is manager])
        self.handles = Handles(self._secret())
        policies = [runs.manager.policy for runs in self._runs.values()]
        self.needs_sessions = any(isinstance(by, str) for p in policies for by in p.cache_by)

    def _secret(self) -> bytes:
        """What signs the handles. All server processes find it in the first manager's store."""
        for runs in self._runs.values():
            with runs.manager.session() as store:
                return signing_secret(store)
        return os.urandom(32)  # no background callbacks: no run has a handle

    def answer(self, payload: dict[str, Json], query: Mapping[str, str]) -> str | None:
        """The answer as JSON, or None where nothing is to be updated.

        Raises BadRequest or Forbidden for what no renderer would send, TooManyJobs for a job more than the
        page may have, CallbackFailure for a job without a
        result, and what the function of an ordinary callback raises.
        """
        name, order = payload.get("output"), incoming.order(query)
        if not isinstance(name, str):
            raise BadRequest("not the request of a callback")
        if name in self._cancels:
            self._cancel(self._cancels[name], query)
            return None
        if name not in self._callbacks:
            raise BadRequest(f"no callback has the output {name!a:.200}")
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

    def _first_answer(self, runs: Runs, handle: str) -> dict[str, object]:
        """The answer to a start. The page applies ``progressDefault`` itself, at any end.

        By ``job`` the renderer remembers a run under its outputs, and forgets it when the same outputs are
        triggered again. All callbacks without output are one to it, so their runs get no ``job``; a replaced
        run of theirs ends when its newest does.
        """
        defaults = runs.background.default_updates()
        answer: dict[str, object] = {"cacheKey": handle, "progressDefault": defaults}
        return answer | {"job": handle} if runs.callback.outputs else answer

    def _cancel(self, cancel: CancelInput, query: Mapping[str, str]) -> None:
        """Cancel the page's jobs. Their handles are not needed: the store has the page's runs."""
        page, _ = self._verified(query)
        for callback in cancel.callbacks:
            self._runs[callback.id].cancel(page, str(cancel.input), incoming.order(query))

    def _verified(self, query: Mapping[str, str]) -> tuple[str, dict[str, str]]:
        """The page's id, and those of the runs that a request names. Raises Forbidden for a forged one."""
        try:
            page = self.handles.page(query.get("endId", ""))
            return page, {
                name: self.handles.run(page, query[name]) for name in _HANDLES if name in query
            }
        except BadHandle as error:
            raise Forbidden(str(error)) from None


def cancel_inputs(callbacks: Iterable[Callback]) -> list[CancelInput]:
    """The cancel inputs of all callbacks, each once."""
    cancelled: dict[str, tuple[Input, list[Callback]]] = {}
    for callback in callbacks:
        for input in callback.cancels:
            cancelled.setdefault(str(input), (input, []))[1].append(callback)
    return [CancelInput(input, tuple(its_own)) for input, its_own in cancelled.values()]


def _call(callback: Callback, trigger: Trigger) -> str | None:
    """Call an ordinary callback. Returns its answer."""
    updates: list[SideUpdate] = []
    try:
        with context.use(RunningCall(callback, trigger, updates.append)):
            response = callback.run(trigger)
    except PreventUpdate:
        if not updates:
            return None
        response = encode({})
    side = {"sideUpdate": merged(updates)} if updates else {}
    return join({"multi": "true", **side, "response": response})


def _trigger(callback: Callback, payload: dict[str, Json]) -> Trigger:
    try:
        return Trigger.read(callback, payload)
    except BadTrigger as error:
        raise BadRequest(str(error)) from None
