"""The workers of the app that a page belongs to."""

from __future__ import annotations

from collections.abc import Set

from callback_conformance.backends.service import Service
from callback_conformance.page.host import Host


class Workers:
    """The processes that take jobs from a queue."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def kill(self) -> None:
        """Kill all workers, with all their processes, and so with their jobs."""
        self._host.kill_workers()

    def start(self) -> None:
        """Start the workers again, and wait until they are ready."""
        self._host.start_workers()

    def processes(self) -> Set[int]:
        """The processes of all workers."""
        return self._host.worker_processes()

    @property
    def queue(self) -> Service:
        """Where jobs wait for a worker: a service, to be emptied."""
        return self._host.queue
