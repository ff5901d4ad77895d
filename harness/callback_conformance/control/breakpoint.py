"""A point of a program at which whoever reaches it is kept waiting."""

from __future__ import annotations

import threading
from collections.abc import Callable

from callback_conformance.control import violation
from callback_conformance.control.timeline import Timeline
from callback_conformance.control.violation import Violation

LOOK_SECONDS = 0.01  # how long one look waits for the next hit, or for the thread's end


class Breakpoint:
    """A point at which server processes and functions wait until the test releases them."""

    def __init__(
        self, point: str, timeline: Timeline, remove: Callable[[Breakpoint], None]
    ) -> None:
        self.point = point
        self._timeline = timeline
        self._remove = remove
        #: What lets each of those who wait go on, in the order in which they came.
        self._waiting: list[Callable[[], None]] = []

    def hold(self, resume: Callable[[], None]) -> None:
        """Keep someone waiting; ``resume`` lets them go on."""
        self._waiting.append(resume)

    @property
    def hits(self) -> int:
        """How many wait there now."""
        return len(self._waiting)

    def wait_for_hits(self, count: int = 1) -> Breakpoint:
        """Wait until so many wait at the point."""
        seconds = violation.WAIT_SECONDS
        if not self._timeline.wait_for(lambda: self.hits >= count, seconds):
            raise Violation(f"{self.hits} of {count} passed {self.point!r} in {seconds:.0f} s")
        return self

    def let_pass(self, count: int, until: threading.Thread) -> Breakpoint:
        """Let so many pass, one after another, and wait for the next; or until the thread has ended."""
        for passed in range(count + 1):
            while not self._waiting and until.is_alive():
                self._timeline.wait_for(lambda: bool(self._waiting), LOOK_SECONDS)
            if passed < count and self._waiting:
                self.release_first()
        return self

    def release_first(self) -> None:
        """Let the one go on that has waited longest."""
        self._waiting.pop(0)()

    def release(self) -> None:
        """Let all go on who wait, and hold nobody any more."""
        self._remove(self)
        while self._waiting:
            self.release_first()
