"""The test's end of every job's connection: what jobs said, and what they are told."""

from __future__ import annotations

import contextlib
import os
import queue
import selectors
import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from callback_conformance.control.link import Link
from callback_conformance.control.timeline import Timeline

WAIT_SECONDS = 10.0  # a fact that takes longer will not come: a killed Celery child costs up to 5 s


class Violation(AssertionError):
    """What was observed contradicts a requirement."""


class Job:
    """One run of a job function, from the moment it started to the fact of its end."""

    def __init__(self, controller: JobController, number: int, hello: dict[str, Any]) -> None:
        self._controller = controller
        self.source = f"job-{number}"
        self.name: str = hello["job"]
        self.arguments: dict[str, Any] = hello["arguments"]
        self.pid: int = hello["pid"]
        self.thread: int = hello["thread"]
        self.process: bool = hello["process"]
        self.started_at: float = hello["at"]
        self.gate = ""
        self.detached = False
        self.ended = False
        self.told = False
        self.children_alive = 0

    @property
    def at_rest(self) -> bool:
        """True while the job can do nothing more by itself that a page could see."""
        return self.ended or self.detached or bool(self.gate) or not self.told

    def reaches(self, gate: str) -> Job:
        """Wait until the job stands at ``gate``."""
        self._await(lambda: self.gate == gate or self.ended, f"reach the gate {gate!r}")
        if self.gate != gate:
            raise Violation(f"{self} ended before it reached the gate {gate!r}")
        return self

    def release(self, gate: str, word: str = "") -> Job:
        """Wait until the job stands at ``gate``, then let it go on, with ``word`` for ``arg("word")``."""
        self.reaches(gate)
        self._controller.tell(self, word)
        return self

    def release_if_alive(self, gate: str, word: str = "") -> Job:
        """Let the job go on if nothing has ended it: where that is the implementation's choice."""
        if not self.reaches_if_alive(gate).ended:
            self._controller.tell(self, word)
        return self

    def reaches_if_alive(self, gate: str) -> Job:
        """Wait until the job stands at ``gate`` if nothing has ended it."""
        self._await(lambda: self.gate == gate or self.ended, f"reach the gate {gate!r}")
        return self

    def ends(self) -> Job:
        """Wait until the job has ended, for a process: until it is dead."""
        self._await(lambda: self.ended, "end")
        return self

    def child_ends(self) -> Job:
        """Wait until the processes that the job started are dead."""
        self._await(lambda: not self.children_alive, "take its child process with it")
        return self

    def said(self, word: str) -> list[dict[str, Any]]:
        """The facts of each ``say(word, …)`` of this job so far."""
        events = self._controller.timeline
        return [dict(e.facts) for e in events if (e.source, e.what) == (self.source, word)]

    def says(self, word: str) -> Job:
        """Wait until the job has said ``word``."""
        self._await(lambda: bool(self.said(word)) or self.ended, f"say {word!r}")
        if not self.said(word):
            raise Violation(f"{self} ended before it said {word!r}")
        return self

    def says_if_alive(self, word: str) -> Job:
        """Wait until the job has said ``word`` if nothing has ended it."""
        self._await(lambda: bool(self.said(word)) or self.ended, f"say {word!r}")
        return self

    def used(self, store: str) -> Job:
        """The job has written into the store (one that reports to the probe)."""
        if not self._wrote(store):
            raise Violation(f"{self} did not write into the store of the manager {store!r}")
        return self

    def did_not_use(self, store: str) -> Job:
        """The job has not written into the store."""
        if self._wrote(store):
            raise Violation(f"{self} wrote into the store of the manager {store!r}")
        return self

    def _wrote(self, store: str) -> bool:
        return {"point": f"{store} write"} in self.said("passes")

    def __str__(self) -> str:
        return f"{self.source} ({self.name}, process {self.pid})"

    def _await(self, fact: Any, what: str) -> None:
        if not self._controller.timeline.wait_for(fact, WAIT_SECONDS):
            raise Violation(f"{self} did not {what} within {WAIT_SECONDS:.0f} s")


class JobController:
    """Listens to the jobs of one test's apps and keeps polls and moving jobs apart.

    A job moves only when it is told to, and ``still`` lets a poll pass only while none moves. So the
    moment of a poll is the test's choice on every implementation, and no verdict depends on luck.
    """

    def __init__(self, timeline: Timeline) -> None:
        self.timeline = timeline
        self._folder = Path(
            tempfile.mkdtemp(prefix="probe-")
        )  # short: a socket's path has 108 bytes
        self.path = str(self._folder / "s")
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(self.path)
        self._listener.listen(64)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ, self._accept)
        self._running = True
        self._nudge, nudged = socket.socketpair()
        self._selector.register(nudged, selectors.EVENT_READ, lambda: self._nudged(nudged))
        self._rounds: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._lock = threading.RLock()
        self._jobs: list[Job] = []
        self._claimed: set[Job] = set()
        self._since = float("-inf")
        self._links: dict[Job, Link] = {}
        self._polls = 0
        self._held: dict[str, list[Link]] = {}
        self._thread = threading.Thread(target=self._listen, name="controller", daemon=True)
        self._thread.start()

    @property
    def jobs(self) -> tuple[Job, ...]:
        """Every job that has started so far, in the order of their starts."""
        return tuple(
            self._jobs
        )  # no lock: who waits on the timeline may ask while the timeline is held

    def next_job(self, seconds: float | None = None) -> Job:
        """Wait for the first started job that no one has asked for yet."""
        seconds = WAIT_SECONDS if seconds is None else seconds
        if not self.timeline.wait_for(lambda: bool(self.unclaimed()), seconds):
            raise Violation(f"no job started within {seconds:.0f} s")
        job = self.unclaimed()[0]
        self._claimed.add(job)
        return job

    def unclaimed(self) -> tuple[Job, ...]:
        """Jobs that started although no one has asked for them (yet)."""
        return tuple(
            job for job in self.jobs if job not in self._claimed and job.started_at > self._since
        )

    def pass_over(self) -> None:
        """Whatever has started until now, heard of or not yet, is nobody's next job."""
        self._since = time.monotonic()

    def tell(self, job: Job, word: str = "") -> None:
        """Let a job that waits go on."""
        with self._lock:
            job.gate, job.told = "", True
            self._links[job].tell(word)

    @contextlib.contextmanager
    def still(self) -> Iterator[None]:
        """Wait until no job moves, and keep it so until the block is left."""
        with self._lock:
            self._polls += 1
        try:
            if not self.timeline.wait_for(self._none_moves, WAIT_SECONDS):
                moving = ", ".join(str(job) for job in self.jobs if not job.at_rest)
                raise RuntimeError(
                    f"{moving} still moves after {WAIT_SECONDS:.0f} s: it has no gate"
                )
            yield
        finally:
            with self._lock:
                self._polls -= 1
                self._welcome()

    def hold(self, point: str) -> Held:
        """From now on hold each server process that passes ``point``, and each function that reaches a gate
        of this name in whatever thread, until released."""
        with self._lock:
            self._held[point] = []
        return Held(self, point)

    def catch_up(self) -> None:
        """Return when all that anyone had said before is in the timeline: whoever is new is let in in one
        round, and read in the next, and that one is over when the third begins."""
        for _ in range(3):
            self._nudge.send(b".")
            self._rounds.get()

    def close(self) -> None:
        """End all connections; whoever waits goes on."""
        self._nudge.close()
        self._thread.join()
        for key in list(self._selector.get_map().values()):
            if isinstance(key.fileobj, int):
                os.close(key.fileobj)
            else:
                key.fileobj.close()  # type: ignore[attr-defined]
        self._selector.close()
        shutil.rmtree(self._folder)

    def _none_moves(self) -> bool:
        return all(job.at_rest for job in tuple(self._jobs))  # no lock: the timeline's is held

    def _listen(self) -> None:
        while self._running:
            for key, _ in self._selector.select():
                key.data()

    def _nudged(self, nudged: socket.socket) -> None:
        byte = nudged.recv(1)
        self._running = bool(byte)  # closed: it is over
        self._rounds.put(byte)

    def _accept(self) -> None:
        connection, _ = self._listener.accept()
        link = Link(connection)
        self._selector.register(connection, selectors.EVENT_READ, lambda: self._read(link))

    def _read(self, link: Link) -> None:
        messages = link.read()
        if messages is None:
            self._selector.unregister(link.connection)
            link.connection.close()
            if link.job and not link.job.process:
                self._end(link.job)
            return
        for message in messages:
            self._hear(link, message)

    def _hear(self, link: Link, message: dict[str, Any]) -> None:
        verb, pid, at = message["verb"], message["pid"], message["at"]
        with self._lock:
            if verb == "started":
                self._started(link, message, at)
                return
            job = link.job
            source = job.source if job else f"server-{pid}"
            if verb == "finished":
                self._finished(link)
            elif verb == "hit":
                self._hit(link, source, message["point"], at, holds=link.job is None)
            elif verb == "gate" and job and message["gate"] not in self._held:
                job.gate = message["gate"]
                self.timeline.add(source, "reaches", at, gate=job.gate)
            elif verb == "gate":
                self._hit(link, source, message["gate"], at, holds=True)
            elif verb == "detach" and job:
                job.detached = True
                self.timeline.add(source, message["event"], at)
            else:
                if message["event"] == "child" and job:
                    job.children_alive += 1
                    self._watch(message["facts"]["pid"], lambda: self._child_died(job))
                thread = {} if job else {"thread": message["thread"]}
                self.timeline.add(source, message["event"], at, **{**message["facts"], **thread})

    def _started(self, link: Link, hello: dict[str, Any], at: float) -> None:
        self._finished(link)  # a pool has gone on to its next job
        job = Job(self, len(self._jobs) + 1, hello)
        link.job = job
        self._links[job] = link
        self._jobs.append(job)
        self.timeline.add(job.source, "starts", at, job=job.name, arguments=job.arguments)
        if job.process:
            self._watch(job.pid, lambda: self._died(link, job))
        self._welcome()

    def _finished(self, link: Link) -> None:
        if link.job:
            self._end(link.job)
        link.job = None

    def _welcome(self) -> None:
        """Let jobs that have just started go on, unless a poll is under way."""
        for job in self._jobs if self._polls == 0 else ():
            if not job.told:
                self.tell(job)

    def _hit(self, link: Link, source: str, point: str, at: float, holds: bool) -> None:
        self.timeline.add(source, "passes", at, point=point)
        if point in self._held and holds:
            self._held[point].append(link)
            self.timeline.add(source, "held", point=point)
        else:
            link.tell()

    def _watch(self, pid: int, died: Callable[[], None]) -> None:
        try:
            pidfd = os.pidfd_open(pid)
        except ProcessLookupError:
            died()
            return

        def over() -> None:
            self._selector.unregister(pidfd)
            os.close(pidfd)
            died()

        self._selector.register(pidfd, selectors.EVENT_READ, over)

    def _died(self, link: Link, job: Job) -> None:
        """A job's process is dead: hear the last that it said, then note its end."""
        while link.unread() and (messages := link.read()) is not None:
            for message in messages:
                self._hear(link, message)
        self._end(job)

    def _child_died(self, job: Job) -> None:
        job.children_alive -= 1
        self.timeline.add(job.source, "child ends")

    def _end(self, job: Job) -> None:
        if not job.ended:  # the process of a pool dies after its jobs have ended
            job.ended = True
            self.timeline.add(job.source, "ends")


class Held:
    """A point at which whoever passes is kept waiting until ``release``."""

    def __init__(self, controller: JobController, point: str) -> None:
        self._controller = controller
        self.point = point

    def reached(self, by: int = 1) -> Held:
        """Wait until so many stand at the point."""
        waiting = self._controller._held[self.point]
        if not self._controller.timeline.wait_for(lambda: len(waiting) >= by, WAIT_SECONDS):
            raise Violation(f"{len(waiting)} of {by} passed {self.point!r} in {WAIT_SECONDS:.0f} s")
        return self

    def let_pass(self, count: int, until: threading.Thread) -> Held:
        """Let so many pass, one after another, and wait for the next; or until the thread has ended."""
        waiting = self._controller._held[self.point]
        for passed in range(count + 1):
            while not waiting and until.is_alive():
                self._controller.timeline.wait_for(lambda: bool(waiting), 0.01)
            if passed < count and waiting:
                self.release_first()
        return self

    def release_first(self) -> None:
        """Let the one go on that has waited longest."""
        with self._controller._lock:
            self._controller._held[self.point].pop(0).tell()

    def release(self) -> None:
        """Let those who wait go on, and hold nobody any more."""
        with self._controller._lock:
            for link in self._controller._held.pop(self.point):
                link.tell()
