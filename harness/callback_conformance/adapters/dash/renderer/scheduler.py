"""The calls of callbacks that a Dash page has asked for, and which of them may be sent.

It follows ``observers/requestedCallbacks.ts`` of the renderer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from callback_conformance.adapters.dash.renderer.callbacks import (
    Callbacks,
    Instance,
    Spec,
    Trigger,
    Updates,
    flat,
)
from callback_conformance.adapters.dash.renderer.layout import Layout
from callback_conformance.adapters.dash.renderer.patterns import Property


@dataclass(eq=False)
class Call:
    """One call of a callback: waiting to be sent, or sent and polled for.

    ``group`` is that of the calls for one part of a layout; ``before`` are the callbacks whose answers
    led to it.
    """

    instance: Instance
    changed: tuple[str, ...] = ()
    initial: bool = False
    group: object = None
    before: tuple[Spec, ...] = ()
    body: dict[str, Any] = field(default_factory=dict)
    cache_key: str = ""
    job: str = ""
    cancels: tuple[str, ...] = ()
    progress_default: Updates = field(default_factory=dict)
    running_off: Updates = field(default_factory=dict)
    outdated: bool = False
    pruned: bool = False

    @property
    def spec(self) -> Spec:
        """Its callback."""
        return self.instance.spec


@dataclass(frozen=True)
class Outcome:
    """What a call of a group might have changed, and what it has changed."""

    group: object
    possible: frozenset[str]
    updated: frozenset[str]


class Waiting:
    """The calls that wait to be sent."""

    def __init__(self, callbacks: Callbacks, layout: Layout) -> None:
        self.calls: list[Call] = []
        self._callbacks = callbacks
        self._layout = layout
        self._newest: dict[Instance, Call] = {}
        self._outcomes: list[Outcome] = []

    def add(
        self, triggers: Iterable[Trigger], group: object = None, before: tuple[Spec, ...] = ()
    ) -> None:
        """Ask for calls. A callback whose own answer led to this is not called again."""
        for one in triggers:
            if one.instance.spec not in before:
                self._add(Call(one.instance, one.changed, one.initial, group, before))

    def newest(self, call: Call) -> bool:
        """What an older call of a callback brings is ignored once a newer one is asked for."""
        return self._newest[call.instance] is call

    def settle(self, call: Call, updated: Iterable[str]) -> None:
        """A call has been answered: it has changed these properties."""
        possible = frozenset(map(str, flat(call.instance.outputs(self._layout))))
        if call.group is not None:
            self._outcomes.append(Outcome(call.group, possible, frozenset(updated)))

    def take(self, under_way: Sequence[Call]) -> list[Call]:
        """The calls that may be sent now; ``under_way`` are those that were."""
        for call in (*self.calls, *under_way):
            self._prune(call)
        self.calls = [call for call in self.calls if not call.pruned]
        pending = [*self.calls, *(one for one in under_way if not one.pruned)]
        ready = self._free(self.calls, self._reached(pending))
        if not ready and len(self.calls) == len(pending):
            ready = self._of_a_circle()
        self.calls = [call for call in self.calls if call not in ready]
        sent = [call for call in ready if not self._idle(call)]
        groups = {id(call.group) for call in (*self.calls, *sent, *under_way)}
        self._outcomes = [one for one in self._outcomes if id(one.group) in groups]
        return sent if sent or not ready else self.take(under_way)

    def _add(self, call: Call) -> None:
        known = next((one for one in self.calls if one.instance == call.instance), None)
        if known is None:
            self.calls.append(call)
        elif known.initial:
            self.calls[self.calls.index(known)] = call
        elif not call.initial:
            call.changed = tuple(dict.fromkeys((*known.changed, *call.changed)))
            call.group = call.group or known.group
            self.calls[self.calls.index(known)] = call
        else:
            return
        self._newest[call.instance] = call

    def _prune(self, call: Call) -> None:
        """A call whose outputs have left the page is dropped; what has left is no longer its trigger."""
        there = flat(call.instance.outputs(self._layout))
        if len(there) != len(call.spec.outputs):
            call.pruned = not there
            known = [prop for prop in call.changed if prop.rpartition(".")[0] in self._layout]
            call.changed = tuple(known)

    def _reached(self, calls: Iterable[Call]) -> set[str]:
        """What these calls may change, and what that may change, at any distance."""
        frontier = [call.instance for call in calls]
        reached: set[str] = set()
        while frontier:
            written = [one for one in self._written(frontier) if str(one) not in reached]
            reached |= {str(one) for one in written}
            frontier = [
                trigger.instance
                for one in written
                for trigger in self._callbacks.listening(one.id, one.name, self._layout)
            ]
        return reached

    def _written(self, instances: Iterable[Instance]) -> list[Property]:
        return [prop for one in instances for prop in flat(one.outputs(self._layout))]

    def _free(self, calls: Iterable[Call], reached: set[str]) -> list[Call]:
        """Those that have no input which may still change, but for what they themselves change."""
        return [call for call in calls if not (self._fed(call) - self._own(call)) & reached]

    def _of_a_circle(self) -> list[Call]:
        """Each call waits for another: the first is taken, and what does not depend on it directly."""
        ready: list[Call] = []
        left = list(self.calls)
        while left:
            ready.append(left.pop(0))
            left = self._free(left, {str(one) for call in ready for one in self._own(call)})
        return ready

    def _idle(self, call: Call) -> bool:
        """It was asked for because of a group whose calls have changed none of its inputs."""
        done = [one for one in self._outcomes if call.group is not None and one.group is call.group]
        inputs = self._fed(call)
        possible = {prop for one in done for prop in one.possible}
        updated = {prop for one in done for prop in one.updated}
        lists = all(one.multiple for one in call.spec.inputs)
        return bool(done) and not lists and not (inputs & updated) and inputs <= possible

    def _fed(self, call: Call) -> set[str]:
        return {str(prop) for prop in flat(call.instance.inputs(self._layout))}

    def _own(self, call: Call) -> set[str]:
        return {str(prop) for prop in flat(call.instance.outputs(self._layout))}
