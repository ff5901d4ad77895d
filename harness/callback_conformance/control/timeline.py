"""What was observed in one test, in order."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Event:
    """One observation. Events of different sources are ordered only where one caused the other."""

    #: The monotonic time of its source, in seconds.
    at: float
    #: Who saw it: a page, a job or a server process.
    source: str
    #: Its name.
    what: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        facts = ", ".join(f"{name}={value!r}" for name, value in self.facts.items())
        return f"{self.source:<10} {self.what:<10} {facts}"


class Timeline:
    """An append-only list of events that threads may write and a test may wait on."""

    def __init__(self) -> None:
        self._events: list[Event] = []
        self._news = threading.Condition()
        #: The monotonic time of its creation, in seconds.
        self.start = time.monotonic()

    def add(self, source: str, what: str, at: float | None = None, /, **facts: Any) -> Event:
        """Append what ``source`` saw; ``at`` (monotonic seconds) defaults to now."""
        event = Event(time.monotonic() if at is None else at, source, what, facts)
        with self._news:
            self._events.append(event)
            self._news.notify_all()
        return event

    def __iter__(self) -> Iterator[Event]:
        with self._news:
            return iter(tuple(self._events))

    def wait_for(self, seen: Callable[[], T], seconds: float) -> T:
        """Wait until ``seen()`` is true, looking again at each event; return its last value."""
        with self._news:
            self._news.wait_for(seen, seconds)
        return seen()

    def last(self, count: int) -> str:
        """The last ``count`` events as text, with milliseconds since the test began."""
        lines = [f"{(e.at - self.start) * 1000:8.1f} ms  {e}" for e in tuple(self)[-count:]]
        return "\n".join(line if len(line) < 200 else line[:197] + "..." for line in lines)
