"""A store in a ``diskcache.Cache``: data, not pickles, and nothing that a page waits for is evicted."""

from __future__ import annotations

import copy
import os
import sqlite3
import time
from contextlib import AbstractContextManager
from itertools import islice
from typing import Any, Final, cast

import diskcache
from diskcache.core import DBNAME, MODE_PICKLE

from impl_dash_style.store import KEEP_S, RESULT, REUSABLE, dump, load

#: Seconds after which the page of a result counts as gone, if the cache is full. Its polls are 8 seconds apart at most.
_ABANDONED_S: Final = 600

#: How many entries are looked at, from the oldest, to make room for a new one.
_LOOKED_AT: Final = 1000


class DiskcacheStore:
    """Keeps JSON in the directory of a cache.

    The cache itself drops what is oldest once it is over its ``size_limit``, whoever still needs it. Here that
    befalls results which are kept for later triggers, and then those that no page has fetched for long. So the
    cache may grow over its limit by what the pages that are open wait for.
    """

    def __init__(self, cache: diskcache.Cache) -> None:
        """Use the directory, the class and the settings of a cache, which itself stays as it is."""
        self._evicts = cache.eviction_policy != "none"
        self._cache = copy.copy(cache)  # another of its class, with a connection of its own
        self._cache.reset(
            "eviction_policy", "none", update=False
        )  # here alone; expired entries are still dropped
        _refuse_pickles(self._cache.disk)
        self._held: sqlite3.Connection | None = None
        self.release()

    def __reduce__(self) -> tuple[object, ...]:
        return DiskcacheStore, (self._cache,)

    def hold(self) -> None:
        """Keep the database open. Each thread has a connection of its own, and the last one that is closed would
        have to write what all have written to the disk, and wait for it."""
        path = os.path.join(self._cache.directory, DBNAME)
        self._held = sqlite3.connect(path, check_same_thread=False)
        self._held.execute("SELECT count(*) FROM Settings").fetchone()  # opens it

    def release(self) -> None:
        """Hold it no longer, and close the connection of this thread."""
        if self._held:
            self._held.close()
            self._held = None
        self._cache.close()

    def __contains__(self, key: str, /) -> bool:
        return key in self._cache

    def get(self, key: str, /) -> Any:
        return load(self._cache.get(key))

    def set(self, key: str, value: object, /, expire: float | None = None) -> bool:
        self._make_room()
        return bool(self._cache.set(key, dump(value), expire=expire))

    def add(self, key: str, value: object, /, expire: float | None = None) -> bool:
        return bool(self._cache.add(key, dump(value), expire=expire))

    def touch(self, key: str, /, expire: float | None = None) -> bool:
        return bool(self._cache.touch(key, expire=expire))

    def delete(self, key: str, /) -> None:
        self._cache.delete(key)

    def transact(self, _: str, /) -> AbstractContextManager[None]:
        return cast("AbstractContextManager[None]", self._cache.transact())

    def _make_room(self) -> None:
        """Drop what may go, the oldest first, while the cache is over its limit."""
        if not self._evicts or not self._is_full():
            return
        for key in list(islice(self._cache, _LOOKED_AT)):
            if isinstance(key, str) and (key.startswith(REUSABLE) or self._is_abandoned(key)):
                self._cache.delete(key)
                if not self._is_full():
                    return

    def _is_full(self) -> bool:
        return bool(self._cache.volume() > self._cache.size_limit)

    def _is_abandoned(self, key: str) -> bool:
        """Whether it is the key of a result for which no page has come."""
        if not key.endswith(RESULT):
            return False
        _, end = self._cache.get(key, expire_time=True)
        return end is not None and end - KEEP_S + _ABANDONED_S < time.time()


def _refuse_pickles(disk: diskcache.Disk) -> None:
    """Let a cache take entries that are pickled for absent, and unpickle nothing.

    Nothing of ours is pickled, and a pickle can run code: whoever may write into the directory must not.
    """
    fetch, get = disk.fetch, disk.get

    def fetch_data(mode: int, filename: str | None, value: object, read: bool) -> object:
        if mode == MODE_PICKLE:
            raise OSError("pickled")  # as if the file of the entry were gone
        return fetch(mode, filename, value, read)

    def get_key(key: object, raw: bool) -> object:
        return get(key, raw) if raw else None

    disk.fetch, disk.get = fetch_data, get_key
