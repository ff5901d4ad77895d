"""The test's end of every job's connection: what probes report, and when jobs go on."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import select
import selectors
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from callback_conformance.control import violation
from callback_conformance.control.breakpoint import Breakpoint
from callback_conformance.control.job import JobRun
from callback_conformance.control.timeline import Timeline
from callback_conformance.control.violation import Violation
from callback_conformance.processes.temporary import temporary_folder


class _Connection:
    """One connection of a probe: JSON lines in, a line with a word (or none) out for "go on"."""

    def __init__(self, stream: socket.socket) -> None:
        self.stream = stream
        #: The job that started last on this connection and is not over; None for a server.
        self.job: JobRun | None = None
        self._partial_line = b""

    def read(self) -> list[dict[str, Any]] | None:
        """All messages that have arrived; None at the end of the connection."""
        chunks = [self._read_chunk()]
        while chunks[-1] and self.has_unread():
            chunks.append(self._read_chunk())
        if not chunks[0]:
            return None
        *lines, self._partial_line = b"".join([self._partial_line, *chunks]).split(b"\n")
        return [json.loads(line) for line in lines]

    def _read_chunk(self) -> bytes:
        try:
            return self.stream.recv(65536)
        except ConnectionError:
            return b""

    def has_unread(self) -> bool:
        """True when a message, or the end, has arrived and was not read."""
        is_open = self.stream.fileno() >= 0
        return is_open and bool(select.select([self.stream], [], [], 0)[0])

    def resume(self, word: str = "") -> None:
        """Let the process go on."""
        with contextlib.suppress(OSError):  # it may have been killed while it waited
            self.stream.sendall(word.encode() + b"\n")


class JobController:
    """Listens to the jobs of one test's apps and keeps polls and moving jobs apart.

    A job moves only when the test lets it go on, and ``still`` lets a poll pass only while none moves. So the
    moment of a poll is the test's choice on every implementation, and no verdict depends on luck.
    """

    def __init__(self, timeline: Timeline) -> None:
        self.timeline = timeline
        self._folder = temporary_folder("probe")
        #: The path of the socket to which probes connect.
        self.path = str(self._folder / "s")
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(self.path)
        self._listener.listen(64)
        #: The data of each key is what to do when its file is readable.
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ, self._accept)
        self._running = True
        #: Wakes the thread that listens; it answers each byte by one in ``_wakened``.
        self._wake, wake_reader = socket.socketpair()
        self._selector.register(wake_reader, selectors.EVENT_READ, lambda: self._woke(wake_reader))
        self._wakened: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._lock = threading.RLock()
        self._jobs: list[JobRun] = []
        self._connections: dict[JobRun, _Connection] = {}
        #: Jobs that the test has taken with ``next_job``.
        self._claimed: set[JobRun] = set()
        #: Jobs that started before this monotonic time, in seconds, are ignored.
        self._ignored_until = float("-inf")
        #: How many blocks of ``still`` are entered or waited for.
        self._polls = 0
        self._keeps_apart = True
        self._breakpoints: dict[str, Breakpoint] = {}
        self._thread = threading.Thread(target=self._listen, name="controller", daemon=True)
        self._thread.start()

    @property
    def jobs(self) -> tuple[JobRun, ...]:
        """Every job that has started so far, in the order of their starts."""
        return tuple(self._jobs)  # without the lock: it is read while the timeline's is held

    def next_job(self, seconds: float | None = None) -> JobRun:
        """Wait for the first started job that the test has not taken yet."""
        seconds = violation.WAIT_SECONDS if seconds is None else seconds
        if not self.timeline.wait_for(lambda: bool(self.unclaimed()), seconds):
            raise Violation(f"no job started within {seconds:.0f} s")
        job = self.unclaimed()[0]
        self._claimed.add(job)
        return job

    def unclaimed(self) -> tuple[JobRun, ...]:
        """Jobs that started and that the test has not taken (yet)."""
        return tuple(
            job
            for job in self.jobs
            if job not in self._claimed and job.started_at > self._ignored_until
        )

    def expect_none_unclaimed(self) -> None:
        """The test has taken every job that started, so none started unbidden."""
        if jobs := self.unclaimed():
            raise Violation(f"{jobs[0]} started, but no job was expected")

    def ignore_started_so_far(self) -> None:
        """Leave all that has started until now, heard of or not yet, out of ``next_job``."""
        self._ignored_until = time.monotonic()

    @contextlib.contextmanager
    def still(self) -> Iterator[None]:
        """Wait until no job moves, and keep it so until the block is left."""
        if not self._keeps_apart:
            yield
            return
        with self._lock:
            self._polls += 1
        try:
            self._wait_until_still()
            yield
        finally:
            with self._lock:
                self._polls -= 1
                self._admit_started()

    def _wait_until_still(self) -> None:
        seconds = violation.WAIT_SECONDS
        if not self.timeline.wait_for(lambda: all(job.at_rest for job in self.jobs), seconds):
            moving = ", ".join(str(job) for job in self.jobs if not job.at_rest)
            raise RuntimeError(f"{moving} still moves after {seconds:.0f} s: it has no gate")

    def let_jobs_move(self) -> None:
        """From now on jobs move while pages poll, where many at once are the subject."""
        self._keeps_apart = False

    def hold(self, point: str) -> Breakpoint:
        """From now on hold each server process that hits ``point``, and each function that reaches a gate of
        this name in whatever thread, until released."""
        breakpoint_ = Breakpoint(point, self.timeline, self._remove)
        with self._lock:
            self._breakpoints[point] = breakpoint_
        return breakpoint_

    def _remove(self, breakpoint_: Breakpoint) -> None:
        with self._lock:
            del self._breakpoints[breakpoint_.point]

    def catch_up(self) -> None:
        """Return when all that was reported before is in the timeline.

        Three wake-ups: the first accepts new connections, the second reads them, the third proves that the
        second is done.
        """
        for _ in range(3):
            self._wake.send(b".")
            self._wakened.get()

    def close(self) -> None:
        """End all connections; whoever waits goes on."""
        self._wake.close()
        self._thread.join()
        for key in list(self._selector.get_map().values()):
            if isinstance(key.fileobj, int):
                os.close(key.fileobj)
            else:
                key.fileobj.close()  # type: ignore[attr-defined]
        self._selector.close()
        shutil.rmtree(self._folder)

    # In the thread that listens.

    def _listen(self) -> None:
        while self._running:
            for key, _ in self._selector.select():
                key.data()

    def _woke(self, wake_reader: socket.socket) -> None:
        byte = wake_reader.recv(1)
        self._running = bool(byte)  # no byte: ``close`` has closed the other end
        self._wakened.put(byte)

    def _accept(self) -> None:
        stream, _ = self._listener.accept()
        connection = _Connection(stream)
        self._selector.register(stream, selectors.EVENT_READ, lambda: self._read(connection))

    def _read(self, connection: _Connection) -> None:
        messages = connection.read()
        if messages is None:
            self._selector.unregister(connection.stream)
            connection.stream.close()
            if connection.job and not connection.job.process:
                self._end(connection.job)
            return
        for message in messages:
            self._hear(connection, message)

    def _hear(self, connection: _Connection, message: dict[str, Any]) -> None:
        verb, at = message["verb"], message["at"]
        with self._lock:
            if verb == "started":
                self._started(connection, message)
            elif verb == "finished":
                self._finished(connection)
            elif verb == "gate":
                self._gate(connection, message)
            elif verb == "hit":
                holds = connection.job is None
                self._hit(connection, _source(connection, message), message["point"], at, holds)
            elif verb == "detach":
                self._detach(connection, message)
            else:
                self._emit(connection, message)

    def _started(self, connection: _Connection, hello: dict[str, Any]) -> None:
        self._finished(connection)  # a pool has gone on to its next job
        job = JobRun(len(self._jobs) + 1, hello, self.timeline, self._resume)
        connection.job = job
        self._connections[job] = connection
        self._jobs.append(job)
        facts = {"job": job.name, "arguments": job.arguments}
        self.timeline.add(job.source, "starts", job.started_at, **facts)
        if job.process:
            self._watch(job.pid, lambda: self._died(connection, job))
        self._admit_started()

    def _finished(self, connection: _Connection) -> None:
        if connection.job:
            self._end(connection.job)
        connection.job = None

    def _gate(self, connection: _Connection, message: dict[str, Any]) -> None:
        job, gate, at = connection.job, message["gate"], message["at"]
        if job is None or gate in self._breakpoints:
            self._hit(connection, _source(connection, message), gate, at, holds=True)
        else:
            job.gate = gate
            self.timeline.add(job.source, "reaches", at, gate=gate)

    def _hit(
        self, connection: _Connection, source: str, point: str, at: float, holds: bool
    ) -> None:
        self.timeline.add(source, "passes", at, point=point)
        if point in self._breakpoints and holds:
            self._breakpoints[point].hold(connection.resume)
            self.timeline.add(source, "held", point=point)
        else:
            connection.resume()

    def _detach(self, connection: _Connection, message: dict[str, Any]) -> None:
        if connection.job:
            connection.job.detached = True
        self.timeline.add(_source(connection, message), message["event"], message["at"])

    def _emit(self, connection: _Connection, message: dict[str, Any]) -> None:
        job, event, facts = connection.job, message["event"], message["facts"]
        if event == "child" and job:
            job.children_alive += 1
            self._watch(facts["pid"], lambda: self._child_died(job))
        thread = {} if job else {"thread": message["thread"]}
        source = _source(connection, message)
        self.timeline.add(source, event, message["at"], **{**facts, **thread})

    def _resume(self, job: JobRun, word: str = "") -> None:
        """Let a job that waits go on."""
        with self._lock:
            job.gate, job.admitted = "", True
            self._connections[job].resume(word)

    def _admit_started(self) -> None:
        """Let jobs that have just started go on, unless a poll is under way."""
        for job in self._jobs if self._polls == 0 else ():
            if not job.admitted:
                self._resume(job)

    def _watch(self, pid: int, died: Callable[[], None]) -> None:
        """Call ``died`` when the process is dead."""
        try:
            pidfd = os.pidfd_open(pid)
        except ProcessLookupError:
            died()
            return

        def unwatch() -> None:
            self._selector.unregister(pidfd)
            os.close(pidfd)
            died()

        self._selector.register(pidfd, selectors.EVENT_READ, unwatch)

    def _died(self, connection: _Connection, job: JobRun) -> None:
        """A job's process is dead: hear its last reports, then note its end."""
        while connection.has_unread() and (messages := connection.read()) is not None:
            for message in messages:
                self._hear(connection, message)
        self._end(job)

    def _child_died(self, job: JobRun) -> None:
        job.children_alive -= 1
        self.timeline.add(job.source, "child ends")

    def _end(self, job: JobRun) -> None:
        if not job.ended:  # the process of a pool dies after its jobs have ended
            job.ended = True
            self.timeline.add(job.source, "ends")


def _source(connection: _Connection, message: dict[str, Any]) -> str:
    """Who reports, as the timeline names it."""
    return connection.job.source if connection.job else f"server-{message['pid']}"
