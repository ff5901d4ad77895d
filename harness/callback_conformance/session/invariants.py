"""What must hold in the timeline of every test, whatever it is about."""

from __future__ import annotations

from collections.abc import Iterator

from callback_conformance.control.timeline import Event
from callback_conformance.control.violation import Violation
from callback_conformance.session.session import AppSession


def check(session: AppSession) -> None:
    """Raise Violation when the timeline breaks an invariant."""
    events = list(session.timeline)
    for violation in (
        *_values_of_others(session, events),
        *_events_after_the_end(events),
        *_second_final_statuses(events),
    ):
        raise Violation(f"an invariant of every test is broken: {violation}")


def _values_of_others(session: AppSession, events: list[Event]) -> Iterator[str]:
    """No page ever shows a word that belongs to another page's user alone."""
    for page in session.pages:
        other_users = [other.user for other in session.pages if other is not page]
        for event in events:
            if event.source == page.name and event.what in ("shows", "notifies"):
                for word in other_users:
                    if word in repr(event.facts):
                        yield f"{page.name} saw {event}, and {word!r} belongs to another user"


def _events_after_the_end(events: list[Event]) -> Iterator[str]:
    """A job that has ended does nothing more; a job reports one final status at most."""
    ended: set[str] = set()
    for event in events:
        if event.source in ended and event.what != "child ends":
            yield f"{event} came after the end of {event.source}"
        if event.what == "ends":
            ended.add(event.source)


def _second_final_statuses(events: list[Event]) -> Iterator[str]:
    """A thread that runs a job reports at most one final status of it."""
    final: set[str] = set()
    for event in events:
        if event.what == "status" and isinstance(event.facts.get("status"), bool):
            if event.source in final:
                yield f"{event} is a second final status of {event.source}"
            if event.source.startswith("job-"):
                final.add(event.source)
