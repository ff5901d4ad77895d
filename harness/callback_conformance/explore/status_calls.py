"""The calls of status functions, as they have reported them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from callback_conformance.control.timeline import Event
from callback_conformance.scenario import Action, Status
from callback_conformance.scenario.steps import Announce


@dataclass(frozen=True)
class StatusCall:
    """One call of a status function."""

    #: Monotonic seconds.
    at: float
    #: The event that the function emits when it is called.
    event: str
    #: What its parameters received; empty for a function that takes only the state.
    received: Mapping[str, Any]

    @property
    def is_of_running_job(self) -> bool:
        """Whether it says that the job is still running."""
        status = self.received.get("status")
        return isinstance(status, int) and not isinstance(status, bool)


def event_of(status: Status) -> str:
    """The event that a status function emits when it is called."""
    return next(step.word for _, step in status.steps if isinstance(step, Announce))


def calls(timeline: Iterable[Event], actions: Iterable[Action]) -> list[StatusCall]:
    """The calls of the status functions of these actions, in order. Several threads may call at once."""
    events = {event_of(action.status) for action in actions if action.status}
    received: dict[tuple[str, object], Event] = {}
    called = []
    for event in timeline:
        thread = event.source, event.facts.get("thread")
        if event.what == "status":
            received[thread] = event
        elif event.what in events:
            first = received.pop(thread, event)
            called.append(StatusCall(first.at, event.what, first.facts))
    return called
