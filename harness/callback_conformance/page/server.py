"""The server of the app that a page belongs to: what happens to it from outside."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator, Set

from callback_conformance.backends.planted import Planted
from callback_conformance.backends.stores import Store
from callback_conformance.control import violation
from callback_conformance.control.breakpoint import Breakpoint
from callback_conformance.control.controller import JobController
from callback_conformance.page.host import Host
from callback_conformance.processes.bystander import Bystander
from callback_conformance.processes.usage import Usage, usage_of

LOOK_SECONDS = 0.002  # between two looks at the app's processes
SETTLE_SECONDS = 0.02  # the same, where a look costs more


class Server:
    """The app's server: its processes, its folder, its store and its breakpoints."""

    def __init__(self, host: Host, controller: JobController) -> None:
        self._host = host
        self._controller = controller

    def restart(self) -> None:
        """Stop the server with all that it has started, and start it anew in its folder. It gets another
        address: pages find it when they are loaded (again)."""
        self._host.restart()

    def kill(self) -> None:
        """Kill the server, and leave its jobs alone; the polls of its pages fail."""
        self._host.stop_server()

    def start(self, at_its_port: bool = False) -> None:
        """Start the server again in its folder, perhaps at the port that it had; the pages that are open find it."""
        self._host.start_server(at_its_port)

    def kill_process(self, source: str) -> None:
        """Kill one of several server processes, ``server-<process id>``, and leave its jobs alone."""
        self._host.kill_process(int(source.removeprefix("server-")))

    def processes_that_emitted(self, event: str) -> Set[str]:
        """The server processes that have emitted ``event``, as ``server-<process id>``."""
        return {e.source for e in self._controller.timeline if e.what == event}

    def printed(self) -> str:
        """What it and its workers have printed so far."""
        return self._host.printed()

    def bystander(self, number: int = 0) -> Bystander:
        """Start a process beside it that is no job; it may have the number that a dead one had. Raises NotDecided where
        this machine does not allow that. It ends with the test."""
        return self._host.bystander(number)

    def plant(self) -> Planted:
        """Put code into the place of each value that the store holds, as whoever can write there."""
        return Planted(self.store, self._host.folder / "planted")

    def files_open_to_others(self) -> list[str]:
        """The files that the program has made and that other users of the machine can open."""
        return self._host.files_open_to_others()

    @property
    def store(self) -> Store:
        """Where the backend keeps what jobs leave: to be emptied, or filled."""
        return self._host.store

    def change_file(self, name: str, text: str) -> None:
        """Change a file in the app's folder; its modification time is a second later than before."""
        file = self._host.folder / name
        modified = file.stat().st_mtime + 1
        file.write_text(text, encoding="utf-8")
        os.utime(file, (modified, modified))

    def let_jobs_move(self) -> None:
        """From now on jobs move while pages poll, because many at once are the subject. Otherwise each poll waits
        until no job moves."""
        self._controller.let_jobs_move()

    def usage(self) -> Usage:
        """What its processes and those of its workers take of the system now."""
        return usage_of(self._host.processes() | self._host.worker_processes())

    def comes_to(self, fact: Callable[[], bool]) -> bool:
        """Wait until ``fact`` about its processes or its store is true; whether it became so."""
        give_up = time.monotonic() + violation.WAIT_SECONDS
        while not fact():
            if time.monotonic() > give_up:
                return False
            self._controller.timeline.wait_for(lambda: False, SETTLE_SECONDS)
        return True

    def hold(self, point: str) -> Breakpoint:
        """Hold whoever hits ``point`` (``manager read``, say) until released."""
        return self._controller.hold(point)

    @contextlib.contextmanager
    def starting_no_job(self) -> Iterator[None]:
        """Raise Violation if what is done meanwhile starts a job: seen before the page polls, because a process
        that was started for nothing may be killed by the next poll."""
        before = self._host.processes()
        yield
        give_up = time.monotonic() + violation.WAIT_SECONDS
        while self._host.processes() - before - {job.pid for job in self._controller.jobs}:
            if time.monotonic() > give_up:
                break  # a process that runs no function of a callback
            self._controller.timeline.wait_for(lambda: False, LOOK_SECONDS)
        self._controller.catch_up()  # a process that is gone may not have been heard yet
        self._controller.expect_none_unclaimed()
