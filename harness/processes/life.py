"""Whether a process is alive."""

from __future__ import annotations

import os
import select


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
