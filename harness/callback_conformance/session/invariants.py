"""What must hold in the timeline of every test, whatever it is about."""

from __future__ import annotations

from collections.abc import Iterator

from callback_conformance.control.timeline import Event
from callback_conformance.control.violation import Violation
from callback_conformance.session.session import Trial


def check(trial: Trial) -> None:
    """Raise Violation when the timeline breaks an invariant."""
    events = list(trial.timeline)
    for broken in (*_strangers(trial, events), *_after_the_end(events), *_repeated(events)):
        raise Violation(f"an invariant of every test is broken: {broken}")


def _strangers(trial: Trial, events: list[Event]) -> Iterator[str]:
    """No page ever shows a word that belongs to another page's user alone."""
    for page in trial.pages:
        others = [other.user for other in trial.pages if other is not page]
        for event in events:
            if event.source == page.name and event.what in ("shows", "notifies"):
                for word in others:
                    if word in repr(event.facts):
                        yield f"{page.name} saw {event}, and {word!r} belongs to another user"


def _after_the_end(events: list[Event]) -> Iterator[str]:
    """A job that has ended does nothing more; a job reports one final status at most."""
    ended: set[str] = set()
    for event in events:
        if event.source in ended and event.what != "child ends":
            yield f"{event} came after the end of {event.source}"
        if event.what == "ends":
            ended.add(event.source)


def _repeated(events: list[Event]) -> Iterator[str]:
    """A thread that runs a job tells at most one final status of it."""
    final: set[str] = set()
    for event in events:
        if event.what == "status" and isinstance(event.facts.get("status"), bool):
            if event.source in final:
                yield f"{event} is a second final status of {event.source}"
            if event.source.startswith("job-"):
                final.add(event.source)
