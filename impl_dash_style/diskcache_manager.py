"""A manager that runs each job in a process of its own and keeps everything in a `diskcache.Cache`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import diskcache

from . import job_process, process, temporary
from .caching import Policy
from .exceptions import DeclarationError
from .job import Job
from .store import Store


class DiskcacheManager:
    """Runs jobs as processes. Server processes that share the cache's directory share the jobs.

    A server process that is killed leaves its jobs running, and one that exits waits for them.
    """

    def __init__(
        self, cache: Any = None, cache_by: Any = None, expire: float | None = None
    ) -> None:
        """Take the `diskcache.Cache` in which server processes and jobs leave what they share.

        It is best kept for this alone: a connection that other code leaves open is forked too. Without
        one, a temporary directory is used, the same in all server processes of a program.

        `cache_by` is a function without parameters, "session" or "user", or a list of such: results are
        used again as long as it returns the same. `expire` limits this, in seconds since the last use.
        """
        cache = diskcache.Cache(temporary.directory()) if cache is None else cache
        if not isinstance(cache, diskcache.Cache):
            raise DeclarationError(f"DiskcacheManager needs a diskcache.Cache, not {cache!r}")
        self.policy = Policy.declare(cache_by, expire)
        self._cache = cache
        cache.close()  # only the connection; the cache opens a new one when it is used

    @contextmanager
    def session(self) -> Iterator[Store]:
        """Open the cache for a moment. One thread at a time.

        No process may be forked while a connection to a SQLite database is open: the child would take
        locks for its own that it has not, and what it writes is lost once the server has died
        (sqlite.org/howtocorrupt.html, 2.6).
        """
        with job_process.UNSHARED:
            try:
                yield self._cache
            finally:
                self._cache.close()

    def start(self, job: Job, admit: Callable[[Any], bool]) -> None:
        """Start a process for the job; it waits until it is admitted. OSError if there can be none."""
        job_process.start(job, self._cache, admit)

    def alive(self, reference: Any) -> bool:
        """Return whether the job's process lives. One that is dead but not yet reaped does not."""
        return process.find(reference) is not None

    def kill(self, reference: Any) -> None:
        """Kill the job's process and its descendants, and wait until they are dead."""
        process.kill_tree(reference)


class DiskcacheLongCallbackManager(DiskcacheManager):
    """The manager of `app.long_callback`. Its `cache_by` takes functions alone."""

    def __init__(
        self, cache: Any = None, cache_by: Any = None, expire: float | None = None
    ) -> None:
        """Take a `diskcache.Cache` and what decides about caching. DeclarationError."""
        super().__init__(cache)
        self.policy = Policy.declare(cache_by, expire, words=False)
