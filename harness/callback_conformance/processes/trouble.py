"""What fails beside the implementation: then nothing is decided about it, and a message names the cause."""

from __future__ import annotations

import re

#: How a program or a library reports that disk space, memory, descriptors or threads have run out.
SHORTAGE = re.compile(
    r"\[Errno (?:12|23|24|27|28|122)\].*"
    r"|No space left on device|Disk quota exceeded|File too large"
    r"|Cannot allocate memory|^MemoryError\b.*"
    r"|Too many open files.*|can't start new thread",
    re.MULTILINE,
)
#: What SQLite reports of the same. A program whose store a test can fill reports it, too.
DATABASE_SHORTAGE = re.compile(r"database or disk is full|disk I/O error")
KILLED = "the {} was killed by SIGKILL, as where memory runs out"


class NotDecided(RuntimeError):
    """Something other than the implementation failed; the message names it."""


def shortage(text: str, pattern: re.Pattern[str] = SHORTAGE) -> str:
    """The words in which ``text`` reports that this machine lacks something; "" if it does not."""
    reports = [match[0].strip() for match in pattern.finditer(text)]
    return reports[-1] if reports else ""
