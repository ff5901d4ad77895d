"""One running worker: it takes jobs from a queue, in the folder of its app."""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping
from pathlib import Path

from callback_conformance.processes.app import AppDidNotStart
from callback_conformance.processes.life import Life, alive, ancestry
from callback_conformance.processes.warm import Command, WarmProcess

READY_SECONDS = 30.0  # a Celery worker that imports everything anew takes 4 s, on a busy machine


class WorkerDidNotStart(AppDidNotStart):
    """A worker ended, or kept silent, before it was ready."""


class WorkerProcess:
    """A worker of an app: ``words`` as its user types them; or, in a fork of a warm process, the file
    ``stand_in``, which is given the same words."""

    def __init__(
        self,
        warm: WarmProcess,
        folder: Path,
        words: tuple[str, ...],
        environment: Mapping[str, str],
        ready: str = "",
        stand_in: Path | None = None,
        name: str = "worker",
    ) -> None:
        self._warm = warm
        self._ready = ready
        self.log = folder / f"{name}.log"
        if stand_in:
            shutil.copy(stand_in, folder)
            words = (stand_in.name, *words[1:])
        self._command = Command(
            words, folder, self.log, dict(environment), executed=stand_in is None
        )
        self.start()

    def start(self) -> None:
        """Start it, or start it again."""
        self._printed_before = len(self.printed())
        self.pid = self._warm.fork(self._command)

    def wait_until_ready(self) -> None:
        """Return once it has printed that it is ready. Raises WorkerDidNotStart."""
        give_up = time.monotonic() + READY_SECONDS
        with Life(self.pid) as life:
            while self._ready not in self.printed()[self._printed_before :]:
                if life.over(pause_seconds=0.002):
                    raise WorkerDidNotStart(self._obituary("ended before it was ready"))
                if time.monotonic() > give_up:
                    what = f"did not print {self._ready!r} within {READY_SECONDS:.0f} s"
                    raise WorkerDidNotStart(self._obituary(what))

    def kill(self) -> None:
        """Kill it with all its processes; return once they are dead."""
        self._warm.end(self.pid)

    def processes(self) -> set[int]:
        """Its processes that are alive, and those that they have started."""
        there = list(alive())
        parents = {pid: parent for pid, parent, _ in there}
        mine = {pid for pid, _, session in there if session == self.pid}
        return mine | {pid for pid in parents if self.pid in ancestry(pid, parents)}

    def printed(self) -> str:
        """What it has printed so far."""
        there = self.log.exists()
        return self.log.read_text(encoding="utf-8", errors="replace") if there else ""

    def _obituary(self, what: str) -> str:
        words = " ".join(self._command.argv)
        return f"The worker `{words}` {what}.\nIt printed:\n{self.printed() or '(nothing)'}"
