"""A diskcache.Cache on which another thread of the server is at work."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import diskcache

from deviations.common.outcome import Undecided

WRITES_SECONDS = 10.0


@contextmanager
def another_thread_writes(cache: diskcache.Cache) -> Iterator[None]:
    """Another thread is in a transaction meanwhile, as one that fetches a result is for a moment."""
    begun, over = threading.Event(), threading.Event()

    def write() -> None:
        with cache.transact():
            begun.set()
            over.wait(WRITES_SECONDS)

    thread = threading.Thread(target=write)
    thread.start()
    if not begun.wait(WRITES_SECONDS):
        raise Undecided("the transaction did not begin")
    yield
    over.set()
    thread.join()
