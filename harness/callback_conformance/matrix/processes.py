"""Processes that have a time limit, are waited for, and never outlive the run."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

#: How long a process may take to leave nothing behind after it was interrupted.
GRACE_SECONDS = 15


@dataclass(frozen=True)
class EndedProcess:
    """How a process ended."""

    #: Its exit status; negative for a signal.
    status: int
    seconds: float
    #: Its own and those of all processes that it has waited for.
    cpu_seconds: float
    timed_out: bool


class Processes:
    """Runs processes, each in a session of its own, from any thread; ``stop`` ends those that run."""

    def __init__(self) -> None:
        self._running: dict[int, threading.Event] = {}
        self._lock = threading.Lock()
        self._stopped = False

    def run(
        self,
        words: Sequence[str],
        output: Path,
        limit_seconds: float,
        variables: Mapping[str, str] = MappingProxyType({}),
    ) -> EndedProcess:
        """Run a command to its end; what it prints goes to ``output``, and it sees further ``variables``."""
        began = time.monotonic()
        gone = threading.Event()
        with output.open("ab") as file, self._lock:
            process = self._start(words, file.fileno(), variables)
            pid = process.pid
            self._running[pid] = gone
        timer = threading.Timer(limit_seconds, self._end, [pid, gone])
        timer.start()
        os.waitid(
            os.P_PID, pid, os.WEXITED | os.WNOWAIT
        )  # until it is reaped, its number is its own
        timed_out = time.monotonic() - began >= limit_seconds
        timer.cancel()
        with self._lock:
            del self._running[pid]
            _, status, used = os.wait4(pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            gone.set()
        seconds = time.monotonic() - began
        return EndedProcess(process.returncode, seconds, used.ru_utime + used.ru_stime, timed_out)

    @property
    def stopped(self) -> bool:
        """True when what ends now has been ended."""
        return self._stopped

    def stop(self) -> None:
        """End all, and start no more."""
        with self._lock:
            self._stopped = True
            running = list(self._running.items())
        ending = [threading.Thread(target=self._end, args=process) for process in running]
        for thread in ending:
            thread.start()
        for thread in ending:
            thread.join()

    def _start(
        self, words: Sequence[str], output: int, variables: Mapping[str, str]
    ) -> subprocess.Popen[bytes]:
        if self._stopped:
            raise InterruptedError("the run has been stopped")
        # Unbuffered, so that its progress can be read while it runs.
        return subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **variables},
        )

    def _end(self, pid: int, gone: threading.Event) -> None:
        """Ask it to clean up; what does not is killed, with all of its session's group."""
        with self._lock:
            if pid not in self._running:
                return
            os.kill(pid, signal.SIGINT)
        if gone.wait(GRACE_SECONDS):
            return
        with self._lock, contextlib.suppress(ProcessLookupError):
            if pid in self._running:
                os.killpg(pid, signal.SIGKILL)
