"""Which processes are alive."""

from __future__ import annotations

import contextlib
import os
import select
import signal
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple


class ProcessHandle:
    """A pidfd of a process: it never refers to another process that gets the same id later."""

    def __init__(self, pid: int) -> None:
        self._pidfd = os.pidfd_open(pid)

    def __enter__(self) -> ProcessHandle:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._pidfd)

    def ends_within(self, seconds: float) -> bool:
        """True as soon as the process has ended; False if it still runs after this time."""
        return bool(select.select([self._pidfd], [], [], seconds)[0])


class LiveProcess(NamedTuple):
    """A process that has not ended."""

    pid: int
    parent: int
    session: int


def live_processes() -> Iterator[LiveProcess]:
    """Yield each process that is alive; zombies are not."""
    for entry in os.listdir("/proc"):
        with contextlib.suppress(OSError):  # it has just ended
            if entry.isdigit():
                stat = Path("/proc", entry, "stat").read_text(encoding="utf-8", errors="replace")
                state, parent, _, session = stat.rpartition(")")[2].split()[:4]
                if state not in "ZX":
                    yield LiveProcess(int(entry), int(parent), int(session))


def ancestry(pid: int, parents: Mapping[int, int]) -> Iterator[int]:
    """Yield a process, its parent, and so on."""
    while pid:
        yield pid
        pid = parents.get(pid, 0)


def was_killed(pid: int) -> bool:
    """True for a process that SIGKILL has ended and that its parent has not reaped yet."""
    try:
        stat = Path("/proc", str(pid), "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    state, *_, wait_status = stat.rpartition(")")[2].split()
    return state == "Z" and int(wait_status) & 0x7F == signal.SIGKILL
