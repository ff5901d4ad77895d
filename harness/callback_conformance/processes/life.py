"""Which processes are alive."""

from __future__ import annotations

import contextlib
import os
import select
from collections.abc import Iterator, Mapping
from pathlib import Path


class Life:
    """Tells whether a process has ended, by a pidfd."""

    def __init__(self, pid: int) -> None:
        self._pidfd = os.pidfd_open(pid)

    def __enter__(self) -> Life:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._pidfd)

    def over(self, pause_seconds: float) -> bool:
        """Wait so long for its end; True when it has ended."""
        return bool(select.select([self._pidfd], [], [], pause_seconds)[0])


def ancestry(pid: int, parents: Mapping[int, int]) -> Iterator[int]:
    """A process, its parent, and so on."""
    while pid:
        yield pid
        pid = parents.get(pid, 0)


def alive() -> Iterator[tuple[int, int, int]]:
    """Each process that is alive, its parent and its session."""
    for entry in os.listdir("/proc"):
        with contextlib.suppress(OSError):  # it has just ended
            if entry.isdigit():
                stat = Path("/proc", entry, "stat").read_text(encoding="utf-8", errors="replace")
                state, parent, _, session = stat.rpartition(")")[2].split()[:4]
                if state not in "ZX":
                    yield int(entry), int(parent), int(session)
