"""One running worker: it takes jobs from a queue and runs in the folder of its app."""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping
from pathlib import Path

from callback_conformance.processes.liveness import (
    ProcessHandle,
    ancestry,
    live_processes,
    was_killed,
)
from callback_conformance.processes.trouble import KILLED, NotDecided, shortage
from callback_conformance.processes.warm import Command, WarmProcess

READY_SECONDS = 30.0  # a Celery worker with nothing imported yet takes 4 s on a busy machine


class WorkerDidNotStart(NotDecided):
    """A worker ended before it was ready, or was not ready in time."""


class WorkerProcess:
    """A worker of an app. It is started by ``words``, as its user types them; with a ``launcher``, that file takes
    the place of the first word and runs in a fork of the warm process."""

    def __init__(
        self,
        warm: WarmProcess,
        folder: Path,
        words: tuple[str, ...],
        environment: Mapping[str, str],
        ready: str = "",
        launcher: Path | None = None,
        name: str = "worker",
    ) -> None:
        self._warm = warm
        self._ready = ready
        self.log = folder / f"{name}.log"
        if launcher:
            shutil.copy(launcher, folder)
            words = (launcher.name, *words[1:])
        self._command = Command(
            words, folder, self.log, dict(environment), executed=launcher is None
        )
        self.start()

    def start(self) -> None:
        """Start it, also after ``kill``."""
        self._printed_before = len(self.printed())
        self.pid = self._warm.fork(self._command)

    def wait_until_ready(self) -> None:
        """Return once it has printed that it is ready. Raises WorkerDidNotStart."""
        deadline = time.monotonic() + READY_SECONDS
        with ProcessHandle(self.pid) as process:
            while self._ready not in self.printed()[self._printed_before :]:
                if process.ends_within(seconds=0.002):
                    raise WorkerDidNotStart(self._failure("ended before it was ready"))
                if time.monotonic() > deadline:
                    late = f"did not print {self._ready!r} within {READY_SECONDS:.0f} s"
                    raise WorkerDidNotStart(self._failure(late))

    def kill(self) -> None:
        """Kill it with all its processes; return once they are dead."""
        self._warm.end(self.pid)

    def processes(self) -> set[int]:
        """The ids of its processes that are alive, and of those that they have started."""
        live = list(live_processes())
        parents = {process.pid: process.parent for process in live}
        return {
            process.pid
            for process in live
            if process.session == self.pid or self.pid in ancestry(process.pid, parents)
        }

    def printed(self) -> str:
        """What it has printed so far."""
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    def log_tail(self, lines: int = 25) -> str:
        """The last lines that it printed."""
        return "\n".join(self.printed().splitlines()[-lines:])

    def trouble(self) -> str:
        """What this machine lacks, as its log tells; "" if nothing."""
        return shortage(self.printed()) or (
            KILLED.format(f"worker {self.pid}") if was_killed(self.pid) else ""
        )

    def _failure(self, what_it_did: str) -> str:
        words = " ".join(self._command.argv)
        return f"The worker `{words}` {what_it_did}.\nIt printed:\n{self.printed() or '(nothing)'}"
