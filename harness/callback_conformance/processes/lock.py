"""A lock that runs of the suite share: a wait for it says what it waits for, and nobody dead holds it for ever."""

from __future__ import annotations

import contextlib
import fcntl
import os
import sys
import time
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path

from callback_conformance.processes.temporary import namespace

LOOK_SECONDS = 0.1  # between two attempts to take the lock
REPEAT_SECONDS = 60.0  # between two messages of one wait


@contextlib.contextmanager
def locked(file: Path, purpose: str) -> Iterator[None]:
    """Keep other runs out of the block; ``purpose`` is what its messages say of a wait.

    The system frees the lock of a process that dies. Where a child of a dead process still holds it, the file is
    replaced. Raises OSError where the file cannot be written.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with _taken(file, purpose) as lock:
        lock.truncate(0)
        lock.write(f"{os.getpid()} {namespace()}")
        lock.flush()
        try:
            yield
        finally:
            lock.truncate(0)


def _taken(file: Path, purpose: str) -> TextIOWrapper:
    began = time.monotonic()
    message_at = began
    dead = ""  # who held it at the last attempt, and was dead: a new holder may just not have noted itself yet
    while True:
        lock = file.open("a+", encoding="utf-8")
        if _take(lock) and _is_current(lock, file):
            return lock
        holder = _holder(file)
        lock.close()
        if holder and holder == dead:
            file.unlink(missing_ok=True)
        dead = holder if holder and not Path("/proc", holder).exists() else ""
        if not dead and time.monotonic() >= message_at:
            waited = time.monotonic() - began
            by_whom = f"process {holder}" if holder else "another run"
            print(
                f"waiting since {waited:.0f} s for {by_whom}, which {purpose} (its lock is {file})",
                file=sys.stderr,
                flush=True,
            )
            message_at += REPEAT_SECONDS
        time.sleep(LOOK_SECONDS)


def _take(lock: TextIOWrapper) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_current(lock: TextIOWrapper, file: Path) -> bool:
    """False for the lock of a file that was replaced meanwhile."""
    try:
        return os.path.samestat(os.fstat(lock.fileno()), file.stat())
    except FileNotFoundError:
        return False


def _holder(file: Path) -> str:
    """The process that took the lock; "" where it is unknown, or of another container."""
    with contextlib.suppress(OSError):
        pid, _, place = file.read_text(encoding="utf-8").partition(" ")
        if pid.isdigit() and place == namespace():
            return pid
    return ""
