"""What a failing test leaves for its page: plain data that JSON carries unchanged."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from callback_conformance.results.json_file import JsonValue

#: A page that polls in vain repeats up to PERIOD events; TIMES repetitions or more are folded.
PERIOD, TIMES = 8, 4


@dataclass(frozen=True)
class SeenEvent:
    """One event of the test's timeline."""

    #: Milliseconds since the test began.
    ms: float
    #: The page, job or server that it belongs to; empty for a fold.
    source: str
    what: str
    facts: Mapping[str, JsonValue]


@dataclass(frozen=True)
class NativeApp:
    """A native app."""

    source: str
    #: Its other files, by name.
    files: Mapping[str, str]
    #: The last lines that it and its workers printed.
    log: str


@dataclass(frozen=True)
class Failure:
    """One failing test."""

    #: Its node id.
    test: str = ""
    message: str = ""
    trace: str = ""
    #: Runs this test again.
    command: str = ""
    events: tuple[SeenEvent, ...] = field(default=())
    programs: tuple[NativeApp, ...] = field(default=())


def fold(events: Sequence[SeenEvent]) -> Iterator[SeenEvent]:
    """The same events, with an event ``repeats`` in place of what occurs again and again."""
    keys = [_key(event) for event in events]
    index = 0
    while index < len(events):
        length, times = _repetition(keys, index)
        if times < TIMES:
            yield events[index]
            index += 1
            continue
        last = index + length * (times - 1)
        yield from events[index : index + length]
        counts: dict[str, JsonValue] = {"events": length, "times": times - 2}
        yield SeenEvent(events[index + length].ms, "", "repeats", counts)
        yield from events[last : last + length]
        index = last + length


def _key(event: SeenEvent) -> tuple[str, str, str]:
    """Equal for events that differ in nothing but their time, or the count of a timer."""
    facts = event.facts
    if facts.get("source") == "timer":
        facts = {**facts, "value": ""}
    return event.source, event.what, json.dumps(facts, sort_keys=True)


def _repetition(keys: Sequence[object], start: int) -> tuple[int, int]:
    """How many events from ``start`` on are repeated, and how many times they occur in a row."""
    for length in range(1, PERIOD + 1):
        block, times = keys[start : start + length], 1
        while keys[start + length * times : start + length * (times + 1)] == block:
            times += 1
        if times >= TIMES:
            return length, times
    return 1, 1
