"""What a failing test leaves for its page: plain data that goes through JSON unchanged."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from callback_conformance.control.timeline import Event
from callback_conformance.processes import App
from callback_conformance.session.session import AppSession

FACT_CHARACTERS = 600  # of one fact of an event: more is a page's whole layout, say
LOG_LINES = 40
LINE_CHARACTERS = 240  # of a line of the log: an address may hold long keys
PERIOD, TIMES = 8, 4  # a page that asks in vain repeats up to so many events; so often is told once


@dataclass(frozen=True)
class Program:
    """A native app: its source, its other files by name, and what it printed last."""

    source: str
    files: dict[str, str]
    log: str


@dataclass(frozen=True)
class Failure:
    """One failing test: its id for pytest, what went wrong, the command that runs it again, and what was seen.

    ``events`` have milliseconds since the test began (``ms``), ``source``, ``what`` and ``facts``.
    """

    test: str
    message: str
    trace: str
    command: str
    events: tuple[dict[str, Any], ...]
    programs: tuple[Program, ...]

    def data(self) -> dict[str, Any]:
        """As it stands in ``report.json``."""
        return asdict(self)


def record(
    test: str, message: str, trace: str, command: str, session: AppSession | None
) -> dict[str, Any]:
    """The data of a failing test; ``session`` is what it has run, if it came so far."""
    events = tuple(fold(list(_events(session)))) if session else ()
    programs = tuple(one for app in session.apps for one in _program(app)) if session else ()
    return Failure(test, message, trace, command, events, programs).data()


def fold(events: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The same events, with an event ``repeats`` in place of what is the same again and again."""
    known = [_known(event) for event in events]
    place = 0
    while place < len(events):
        length, times = _circle(known, place)
        if times < TIMES:
            yield events[place]
            place += 1
            continue
        last = place + length * (times - 1)
        yield from events[place : place + length]
        facts = {"events": length, "times": times - 2}
        yield {"ms": events[place + length]["ms"], "source": "", "what": "repeats", "facts": facts}
        yield from events[last : last + length]
        place = last + length


def _known(event: dict[str, Any]) -> tuple[str, str, str]:
    """What makes an event the same as another: all but its time, and the count of a timer."""
    facts = event["facts"]
    if facts.get("source") == "timer":
        facts = {**facts, "value": ""}
    return event["source"], event["what"], json.dumps(facts, sort_keys=True)


def _circle(known: Sequence[object], place: int) -> tuple[int, int]:
    """How many events from ``place`` on are repeated, and how often they stand there."""
    for length in range(1, PERIOD + 1):
        block, times = known[place : place + length], 1
        while known[place + length * times : place + length * (times + 1)] == block:
            times += 1
        if times >= TIMES:
            return length, times
    return 1, 1


def _events(session: AppSession) -> Iterator[dict[str, Any]]:
    for event in sorted(session.timeline, key=lambda one: one.at):
        ms = round((event.at - session.timeline.start) * 1000, 1)
        yield {"ms": ms, "source": event.source, "what": event.what, "facts": _facts(event)}


def _facts(event: Event) -> dict[str, Any]:
    return {name: _short(value) for name, value in event.facts.items()}


def _short(value: Any) -> Any:
    """A value as JSON has it; one that is long, or that JSON lacks, as the beginning of its text."""
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError):
        value = repr(value)
        text = json.dumps(value, ensure_ascii=False)
    if len(text) > FACT_CHARACTERS:
        text = json.dumps((value if isinstance(value, str) else text)[:FACT_CHARACTERS] + " …")
    return json.loads(text.encode(errors="replace"))  # a surrogate alone fits into no file


def _program(app: App) -> Iterator[Program]:
    """The program of an app that is not closed yet."""
    with contextlib.suppress(FileNotFoundError):
        files = {
            name: (app.folder / name).read_text(encoding="utf-8", errors="replace")
            for name in sorted(app.files)
        }
        source = app.program.read_text(encoding="utf-8")
        log = app.log_tail(LOG_LINES).splitlines()
        yield Program(source, files, "\n".join(line[:LINE_CHARACTERS] for line in log))
