"""What must hold in the timeline of every test, whatever it is about."""

from __future__ import annotations

from collections.abc import Iterator

from callback_conformance.control.timeline import Event
from callback_conformance.control.violation import Violation
from callback_conformance.session.session import AppSession

#: The requirement that another user's word on a page violates, by what has brought it there.
REQUIREMENT_BY_SOURCE = {
    "progress": "ISO-5",
    "running": "ISO-6",
    "runningOff": "ISO-6",
    "sideUpdate": "UPDATE-6",
}


def check(session: AppSession) -> None:
    """Raise Violation when the timeline breaks an invariant: it counts against the requirement that the invariant
    rests on, whatever the test is about. Raise RuntimeError when the timeline itself is wrong.
    """
    events = list(session.timeline)
    for disorder in _events_after_the_end(events):
        raise RuntimeError(f"the timeline is in disorder: {disorder}")
    for requirement, broken in (
        *_values_of_others(session, events),
        *_second_final_statuses(events),
    ):
        violation = Violation(f"an invariant of every test is broken: {broken}")
        violation.requirements = (requirement,)
        raise violation


def _values_of_others(session: AppSession, events: list[Event]) -> Iterator[tuple[str, str]]:
    """No page ever shows a word that belongs to another page's user alone."""
    for page in session.pages:
        other_users = [other.user for other in session.pages if other is not page]
        for event in events:
            if event.source == page.name and event.what in ("shows", "notifies"):
                for word in other_users:
                    if word in repr(event.facts):
                        belongs = f"{page.name} saw {event}, and {word!r} belongs to another user"
                        yield _requirement(event), belongs


def _requirement(shown: Event) -> str:
    if shown.what == "notifies":
        return "ISO-7"
    return REQUIREMENT_BY_SOURCE.get(str(shown.facts.get("source")), "ISO-4")


def _events_after_the_end(events: list[Event]) -> Iterator[str]:
    """A job whose connection has ended does nothing more."""
    ended: set[str] = set()
    for event in events:
        if event.source in ended and event.what != "child ends":
            yield f"{event} came after the end of {event.source}"
        if event.what == "ends":
            ended.add(event.source)


def _second_final_statuses(events: list[Event]) -> Iterator[tuple[str, str]]:
    """A thread that runs a job reports at most one final status of it."""
    final: set[str] = set()
    for event in events:
        if event.what == "status" and isinstance(event.facts.get("status"), bool):
            if event.source in final:
                yield "STATUS-32", f"{event} is a second final status of {event.source}"
            if event.source.startswith("job-"):
                final.add(event.source)
