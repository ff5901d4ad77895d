"""One run of a job function, as the test sees and controls it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from callback_conformance.control import violation
from callback_conformance.control.timeline import Timeline
from callback_conformance.control.violation import Violation


class JobRun:
    """One run of a job function, from the moment it started to the fact of its end.

    ``release…`` acts on it. ``wait_for_…`` waits for a fact and raises Violation when it does not come;
    ``expect_…`` raises Violation at once when a fact does not hold.
    """

    def __init__(
        self,
        number: int,
        hello: dict[str, Any],
        timeline: Timeline,
        resume: Callable[[JobRun, str], None],
    ) -> None:
        self._timeline = timeline
        self._resume = resume
        #: Its name in the timeline.
        self.source = f"job-{number}"
        #: The name of its function.
        self.name: str = hello["job"]
        #: The arguments of its function by name, as far as JSON can hold them.
        self.arguments: dict[str, Any] = hello["arguments"]
        self.pid: int = hello["pid"]
        self.thread: int = hello["thread"]
        #: Whether it runs in a main thread, so that the end of its process is its own end.
        self.process: bool = hello["process"]
        #: The monotonic time of its process, in seconds.
        self.started_at: float = hello["at"]
        #: The gate at which it waits; empty while it waits at none.
        self.gate = ""
        #: Whether it runs on without end or another report.
        self.detached = False
        self.ended = False
        #: Whether it was let go on after it had reported its start.
        self.admitted = False
        self.children_alive = 0

    @property
    def at_rest(self) -> bool:
        """True while the job can do nothing more by itself that a page could see."""
        return self.ended or self.detached or bool(self.gate) or not self.admitted

    def release(self, gate: str, word: str = "") -> JobRun:
        """Wait until the job waits at ``gate``, then let it go on, with ``word`` for ``arg("word")``."""
        self.wait_for_gate(gate)
        self._resume(self, word)
        return self

    def release_if_alive(self, gate: str, word: str = "") -> JobRun:
        """Let the job go on if nothing has ended it: where that is the implementation's choice."""
        if not self.wait_for_gate_if_alive(gate).ended:
            self._resume(self, word)
        return self

    def wait_for_gate(self, gate: str) -> JobRun:
        """Wait until the job waits at ``gate``."""
        self.wait_for_gate_if_alive(gate)
        if self.gate != gate:
            raise Violation(f"{self} ended before it reached the gate {gate!r}")
        return self

    def wait_for_gate_if_alive(self, gate: str) -> JobRun:
        """Wait until the job waits at ``gate`` if nothing has ended it."""
        self._wait_for(lambda: self.gate == gate or self.ended, f"reach the gate {gate!r}")
        return self

    def wait_for_event(self, event: str) -> JobRun:
        """Wait until the job has emitted ``event``."""
        self.wait_for_event_if_alive(event)
        if not self.emitted(event):
            raise Violation(f"{self} ended before it emitted {event!r}")
        return self

    def wait_for_event_if_alive(self, event: str) -> JobRun:
        """Wait until the job has emitted ``event`` if nothing has ended it."""
        self._wait_for(lambda: bool(self.emitted(event)) or self.ended, f"emit {event!r}")
        return self

    def wait_for_end(self) -> JobRun:
        """Wait until the job has ended, for a process: until it is dead."""
        self._wait_for(lambda: self.ended, "end")
        return self

    def wait_for_rest(self) -> JobRun:
        """Wait until the job waits at a gate or has ended."""
        self._wait_for(lambda: bool(self.gate) or self.ended, "reach a gate or end")
        return self

    def wait_for_child_end(self) -> JobRun:
        """Wait until the processes that the job started are dead."""
        self._wait_for(lambda: not self.children_alive, "take its child process with it")
        return self

    def emitted(self, event: str) -> list[dict[str, Any]]:
        """The facts of each ``event`` of this job so far."""
        return [dict(e.facts) for e in self._timeline if (e.source, e.what) == (self.source, event)]

    def expect_write(self, store: str) -> JobRun:
        """The job has written into the store (one that reports to the probe)."""
        if not self._wrote(store):
            raise Violation(f"{self} did not write into the store of the manager {store!r}")
        return self

    def expect_no_write(self, store: str) -> JobRun:
        """The job has come to rest, and has not written into the store."""
        if self.wait_for_rest()._wrote(store):
            raise Violation(f"{self} wrote into the store of the manager {store!r}")
        return self

    def _wrote(self, store: str) -> bool:
        return {"point": f"{store} write"} in self.emitted("passes")

    def __str__(self) -> str:
        return f"{self.source} ({self.name}, process {self.pid})"

    def _wait_for(self, fact: Callable[[], bool], what: str) -> None:
        seconds = violation.WAIT_SECONDS
        if not self._timeline.wait_for(fact, seconds):
            raise Violation(f"{self} did not {what} within {seconds:.0f} s")
