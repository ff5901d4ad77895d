"""What processes take of the system, as /proc has it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple


class Usage(NamedTuple):
    """How much of what a system has little of."""

    processes: int
    threads: int
    descriptors: int

    def plus(self, count: int) -> Usage:
        """So many more of each."""
        return Usage(*(usage + count for usage in self))

    def is_within(self, most: Usage) -> bool:
        """Whether there is no more of anything."""
        return all(count <= limit for count, limit in zip(self, most, strict=True))

    def __str__(self) -> str:
        return f"{self.processes} processes, {self.threads} threads, {self.descriptors} descriptors"


def usage_of(pids: Iterable[int]) -> Usage:
    """What these processes take together; nothing of one that has ended meanwhile."""
    listings = [counts for pid in pids if (counts := _counts(pid))]
    threads, descriptors = map(sum, zip(*listings, strict=True)) if listings else (0, 0)
    return Usage(len(listings), threads, descriptors)


def _counts(pid: int) -> tuple[int, int] | None:
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it has ended
        folder = Path("/proc", str(pid))
        return len(os.listdir(folder / "task")), len(os.listdir(folder / "fd"))
    return None
