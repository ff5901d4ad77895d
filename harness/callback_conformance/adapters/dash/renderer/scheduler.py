"""The calls of callbacks that changes on a Dash page have requested, and which of them may be sent.

It follows ``observers/requestedCallbacks.ts`` of the renderer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from callback_conformance.adapters.dash.renderer.callbacks import (
    CallbackDefinition,
    Callbacks,
    Instance,
    Trigger,
    Updates,
    flat,
)
from callback_conformance.adapters.dash.renderer.layout import Layout
from callback_conformance.adapters.dash.renderer.patterns import Property


@dataclass(eq=False)
class PendingCall:
    """One call of a callback: waiting to be sent, or sent and polled for.

    ``group`` is that of the calls for one part of a layout; ``before`` are the callbacks whose answers
    led to it.
    """

    instance: Instance
    changed: tuple[str, ...] = ()
    initial: bool = False
    group: object = None
    before: tuple[CallbackDefinition, ...] = ()
    body: dict[str, Any] = field(default_factory=dict)
    cache_key: str = ""
    job_id: str = ""
    cancels: tuple[str, ...] = ()
    progress_default: Updates = field(default_factory=dict)
    running_off: Updates = field(default_factory=dict)
    outdated: bool = False
    pruned: bool = False

    @property
    def definition(self) -> CallbackDefinition:
        """Its callback."""
        return self.instance.definition


@dataclass(frozen=True)
class SettledCall:
    """What a call of a group might have changed, and what it has changed."""

    group: object
    possible: frozenset[str]
    updated: frozenset[str]


class CallQueue:
    """The calls that wait to be sent."""

    def __init__(self, callbacks: Callbacks, layout: Layout) -> None:
        self.calls: list[PendingCall] = []
        self._callbacks = callbacks
        self._layout = layout
        self._newest: dict[Instance, PendingCall] = {}
        self._settled: list[SettledCall] = []

    def add(
        self,
        triggers: Iterable[Trigger],
        group: object = None,
        before: tuple[CallbackDefinition, ...] = (),
    ) -> None:
        """Request calls. A callback whose own answer led to this is not called again."""
        for trigger in triggers:
            if trigger.instance.definition not in before:
                self._add(
                    PendingCall(trigger.instance, trigger.changed, trigger.initial, group, before)
                )

    def newest(self, call: PendingCall) -> bool:
        """True until a newer call of the callback is requested: then what the older one brings is ignored."""
        return self._newest[call.instance] is call

    def put_under_way(self, call: PendingCall) -> None:
        """A call that another page has sent counts as this page's newest."""
        self._newest[call.instance] = call

    def settle(self, call: PendingCall, updated: Iterable[str]) -> None:
        """A call has been answered: it has changed these properties."""
        possible = frozenset(map(str, flat(call.instance.outputs(self._layout))))
        if call.group is not None:
            self._settled.append(SettledCall(call.group, possible, frozenset(updated)))

    def take(self, under_way: Sequence[PendingCall]) -> list[PendingCall]:
        """The calls that may be sent now; ``under_way`` are those sent already."""
        for call in (*self.calls, *under_way):
            self._prune(call)
        self.calls = [call for call in self.calls if not call.pruned]
        pending = [*self.calls, *(call for call in under_way if not call.pruned)]
        ready = self._free(self.calls, self._reached(pending))
        if not ready and len(self.calls) == len(pending):
            ready = self._of_a_cycle()
        self.calls = [call for call in self.calls if call not in ready]
        sent = [call for call in ready if not self._idle(call)]
        groups = {id(call.group) for call in (*self.calls, *sent, *under_way)}
        self._settled = [settled for settled in self._settled if id(settled.group) in groups]
        return sent if sent or not ready else self.take(under_way)

    def _add(self, call: PendingCall) -> None:
        waiting = next((queued for queued in self.calls if queued.instance == call.instance), None)
        if waiting is None:
            self.calls.append(call)
        elif waiting.initial:
            self.calls[self.calls.index(waiting)] = call
        elif not call.initial:
            call.changed = tuple(dict.fromkeys((*waiting.changed, *call.changed)))
            call.group = call.group or waiting.group
            self.calls[self.calls.index(waiting)] = call
        else:
            return
        self._newest[call.instance] = call

    def _prune(self, call: PendingCall) -> None:
        """Drop a call whose outputs have left the page; a property that has left is no longer its trigger."""
        present = flat(call.instance.outputs(self._layout))
        if len(present) != len(call.definition.outputs):
            call.pruned = not present
            changed = [prop for prop in call.changed if prop.rpartition(".")[0] in self._layout]
            call.changed = tuple(changed)

    def _reached(self, calls: Iterable[PendingCall]) -> set[str]:
        """What these calls may change, and what that may change, at any distance."""
        frontier = [call.instance for call in calls]
        reached: set[str] = set()
        while frontier:
            written = [prop for prop in self._written(frontier) if str(prop) not in reached]
            reached |= {str(prop) for prop in written}
            frontier = [
                trigger.instance
                for prop in written
                for trigger in self._callbacks.listening(prop.id, prop.name, self._layout)
            ]
        return reached

    def _written(self, instances: Iterable[Instance]) -> list[Property]:
        return [prop for instance in instances for prop in flat(instance.outputs(self._layout))]

    def _free(self, calls: Iterable[PendingCall], reached: set[str]) -> list[PendingCall]:
        """The calls none of whose inputs may still change, except by the call itself."""
        return [call for call in calls if not (self._inputs(call) - self._outputs(call)) & reached]

    def _of_a_cycle(self) -> list[PendingCall]:
        """Each call waits for another: the first is taken, and what does not depend on it directly."""
        ready: list[PendingCall] = []
        left = list(self.calls)
        while left:
            ready.append(left.pop(0))
            left = self._free(left, {str(prop) for call in ready for prop in self._outputs(call)})
        return ready

    def _idle(self, call: PendingCall) -> bool:
        """True when the call was requested for a group whose calls have changed none of its inputs."""
        done = [
            settled
            for settled in self._settled
            if call.group is not None and settled.group is call.group
        ]
        inputs = self._inputs(call)
        possible = {prop for settled in done for prop in settled.possible}
        updated = {prop for settled in done for prop in settled.updated}
        lists = all(dependency.multiple for dependency in call.definition.inputs)
        return bool(done) and not lists and not (inputs & updated) and inputs <= possible

    def _inputs(self, call: PendingCall) -> set[str]:
        return {str(prop) for prop in flat(call.instance.inputs(self._layout))}

    def _outputs(self, call: PendingCall) -> set[str]:
        return {str(prop) for prop in flat(call.instance.outputs(self._layout))}
