"""A store in a directory that Flask-Caching keeps."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil
from threading import get_ident
from typing import TYPE_CHECKING, Any, Final

from flask import Flask

if TYPE_CHECKING:
    from flask_caching import Cache

#: Seconds that an entry without an end is kept. Flask-Caching drops those without a time first.
_FOR_EVER_S: Final = 10 * 365 * 86_400


class FileStore:
    """Flask-Caching's directory, with the lock for all processes that a store needs besides."""

    def __init__(self, cache: Cache, app: Flask, directory: str) -> None:
        """Use a cache that was opened for this app and keeps its entries in this directory."""
        self._cache = cache
        self._app = app
        self._files = app.extensions["cache"][cache]
        self._directory = os.path.abspath(directory)
        self._owner: int | None = None

    def __contains__(self, key: str, /) -> bool:
        with self._app.app_context():
            return bool(self._cache.has(key))

    def get(self, key: str, /) -> Any:
        with self._app.app_context():
            return self._cache.get(key)

    def set(self, key: str, value: object, /, expire: float | None = None) -> bool:
        with self._app.app_context():
            if not self._cache.set(key, value, timeout=_seconds(expire)):
                raise OSError(f"Flask-Caching could not write {key}")
        return True

    def add(self, key: str, value: object, /, expire: float | None = None) -> bool:
        with self.transact():
            return key not in self and self.set(key, value, expire=expire)

    def touch(self, key: str, /, expire: float | None = None) -> bool:
        with self.transact():
            value = self._files.get(key)
            return value is not None and bool(self._files.set(key, value, _seconds(expire)))

    def delete(self, key: str, /) -> None:
        with self._app.app_context():
            self._cache.delete(key)

    @contextmanager
    def transact(self, _: str = "", /) -> Iterator[None]:
        """Let no other process or thread be in a transaction. A thread may nest its own."""
        if self._owner == get_ident():
            yield
            return
        directory = os.open(self._directory, os.O_RDONLY)
        try:
            fcntl.flock(directory, fcntl.LOCK_EX)
            self._owner = get_ident()
            try:
                yield
            finally:
                self._owner = None
                fcntl.flock(directory, fcntl.LOCK_UN)  # not by closing: a job may have forked since
        finally:
            os.close(directory)


def _seconds(expire: float | None) -> int:
    """How long Flask-Caching must keep an entry. It counts from the start of the present second."""
    return _FOR_EVER_S if expire is None else ceil(expire) + 1
