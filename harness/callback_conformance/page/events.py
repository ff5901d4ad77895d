"""What a page's test has observed so far, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from textwrap import shorten
from typing import Any

from callback_conformance.control import violation
from callback_conformance.control.timeline import Event, Timeline
from callback_conformance.control.violation import Violation
from callback_conformance.page.open_tab import OpenTab

LAST_ANSWER = "\nthe last answer: "
ANSWER_CHARACTERS = 300  # of an answer in a message: it may be a page of HTML


class Events:
    """The timeline of the test, as one of its pages reads it."""

    def __init__(self, timeline: Timeline, page: str, open_tab: OpenTab) -> None:
        self._timeline = timeline
        self._page = page
        self._open_tab = open_tab

    def __iter__(self) -> Iterator[Event]:
        return iter(self._timeline)

    def named(self, name: str) -> list[Event]:
        """The events of this name so far, whichever process, thread or page they are of."""
        return [event for event in self._timeline if event.what == name]

    def wait_for(self, name: str, matches: Callable[[Event], bool] = lambda event: True) -> Event:
        """Wait until there is an event of this name that ``matches``, and return the first."""

        def first() -> Event | None:
            return next(filter(matches, self.named(name)), None)

        seconds = violation.WAIT_SECONDS
        self._open_tab.until(lambda: first() is not None)
        event = self._timeline.wait_for(first, seconds)
        if event is None:
            emitted = [str(event) for event in self.named(name)]
            raise Violation(f"no matching {name!r} event within {seconds:.0f} s; got: {emitted}")
        return event

    def values_of(self, prop: str) -> list[Any]:
        """The values that a property of the page was given since the page was opened, in order."""
        shown = [e.facts for e in self.named("shows") if e.source == self._page]
        return [facts["value"] for facts in shown if facts["prop"] == prop]

    def last_answer(self) -> str:
        """What the page was answered last, as a line that ends a message; empty if it had no answer."""
        answers = [
            event
            for event in self._timeline
            if event.source == self._page and event.what in ("hears", "loses", "fails")
        ]
        line = shorten(str(answers[-1]), ANSWER_CHARACTERS, placeholder=" …") if answers else ""
        return f"{LAST_ANSWER}{line}" if line else ""
