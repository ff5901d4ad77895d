"""A manager that runs each job in a process of its own and keeps everything in a ``diskcache.Cache``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import diskcache

from impl_dash_style import temporary
from impl_dash_style.caching import CachePolicy, Caches
from impl_dash_style.diskcache_store import DiskcacheStore
from impl_dash_style.exceptions import DeclarationError
from impl_dash_style.job_process import ProcessManager

if TYPE_CHECKING:
    from impl_dash_style.callbacks import Callback


class DiskcacheManager(Caches, ProcessManager):
    """Runs jobs as processes. Server processes that share the cache's directory share the jobs.

    Jobs go on when their server process ends. They have the program's data as these were when it began.
    """

    def __init__(
        self,
        cache: diskcache.Cache | None = None,
        cache_by: object = None,
        expire: float | None = None,
    ) -> None:
        """Use the ``diskcache.Cache`` in which server processes and jobs leave what they share.

        It is best kept for this alone: what other code puts in may drop what pages wait for. Without one, a
        temporary directory is used, the same for all server processes of a program, which no other user can
        open.

        ``cache_by`` is a function without parameters, "session" or "user", or a list of these: results are
        used again as long as it returns the same. ``expire`` limits this, in seconds since the last use.
        Raises DeclarationError for arguments that cannot work.
        """
        cache = diskcache.Cache(temporary.directory()) if cache is None else cache
        if not isinstance(cache, diskcache.Cache):
            raise DeclarationError(f"DiskcacheManager needs a diskcache.Cache, not {cache!r}")
        policy = CachePolicy.declare(cache_by, expire, self._words)
        self._disk_store = DiskcacheStore(cache)
        super().__init__(self._disk_store, policy)
        cache.close()  # only the connection; the cache opens a new one when it is used

    def prepare(self, callbacks: Sequence[Callback]) -> None:
        """Be ready to start jobs. From then on the database stays open: to close it is to write it all to disk."""
        self._disk_store.release()
        super().prepare(callbacks)
        self._disk_store.hold()


class DiskcacheLongCallbackManager(DiskcacheManager):
    """The manager of ``app.long_callback``. Its ``cache_by`` takes functions alone."""

    _words = False
