"""A store in the memory of one server process."""

from __future__ import annotations

import pickle
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import RLock
from typing import Any, Final

_SWEEP_S: Final = 60
"""Seconds between two sweeps, which drop the entries whose time is over."""


@dataclass(frozen=True)
class _Entry:
    """A pickled value, which nobody changes who got it, and when its time is over."""

    data: bytes
    end: float | None


class MemoryStore:
    """Knows what this process alone has stored."""

    def __init__(self) -> None:
        self._entries: dict[str, _Entry] = {}
        self._lock = RLock()
        self._swept = time.monotonic()

    def __contains__(self, key: str, /) -> bool:
        return self._entry(key) is not None

    def get(self, key: str, /) -> Any:
        entry = self._entry(key)
        return None if entry is None else pickle.loads(entry.data)  # noqa: S301  its own

    def set(self, key: str, value: Any, /, expire: float | None = None) -> bool:
        with self._lock:
            self._entries[key] = _Entry(pickle.dumps(value), _end(expire))
            self._sweep()
        return True

    def add(self, key: str, value: Any, /, expire: float | None = None) -> bool:
        with self._lock:
            return key not in self and self.set(key, value, expire=expire)

    def touch(self, key: str, /, expire: float | None = None) -> bool:
        with self._lock:
            entry = self._entry(key)
            if entry is not None:
                self._entries[key] = _Entry(entry.data, _end(expire))
            return entry is not None

    def delete(self, key: str, /) -> bool:
        with self._lock:
            there = key in self
            self._entries.pop(key, None)
            return there

    @contextmanager
    def transact(self) -> Iterator[None]:
        """Let no other thread read or write. A thread may be in it again."""
        with self._lock:
            yield

    def _entry(self, key: str) -> _Entry | None:
        with self._lock:
            entry = self._entries.get(key)
            return None if entry is None or _over(entry) else entry

    def _sweep(self) -> None:
        if time.monotonic() > self._swept + _SWEEP_S:
            self._swept = time.monotonic()
            self._entries = {k: entry for k, entry in self._entries.items() if not _over(entry)}


def _end(expire: float | None) -> float | None:
    return None if expire is None else time.monotonic() + expire


def _over(entry: _Entry) -> bool:
    return entry.end is not None and entry.end <= time.monotonic()
