"""A store in the memory of one server process."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import RLock
from typing import Any, Final

from impl_dash_style.store import dump, load

#: Seconds between two sweeps, which drop the values that have expired.
_SWEEP_S: Final = 60


@dataclass(frozen=True)
class _TimedValue:
    """A value and when it expires."""

    text: str  # as JSON, so that no reader can change it
    end: float | None  # monotonic seconds


class MemoryStore:
    """Holds what this process alone has stored."""

    def __init__(self) -> None:
        self._values: dict[str, _TimedValue] = {}
        self._lock = RLock()
        self._swept = time.monotonic()

    def __contains__(self, key: str, /) -> bool:
        return self._find(key) is not None

    def get(self, key: str, /) -> Any:
        timed = self._find(key)
        return None if timed is None else load(timed.text)

    def set(self, key: str, value: object, /, expire: float | None = None) -> bool:
        with self._lock:
            self._values[key] = _TimedValue(dump(value), _end(expire))
            self._sweep()
        return True

    def add(self, key: str, value: object, /, expire: float | None = None) -> bool:
        with self._lock:
            return key not in self and self.set(key, value, expire=expire)

    def touch(self, key: str, /, expire: float | None = None) -> bool:
        with self._lock:
            timed = self._find(key)
            if timed is not None:
                self._values[key] = _TimedValue(timed.text, _end(expire))
            return timed is not None

    def delete(self, key: str, /) -> None:
        with self._lock:
            self._values.pop(key, None)

    @contextmanager
    def transact(self, _: str, /) -> Iterator[None]:
        """Let no other thread read or write. A thread may nest its own."""
        with self._lock:
            yield

    def _find(self, key: str) -> _TimedValue | None:
        with self._lock:
            timed = self._values.get(key)
            return None if timed is None or _has_expired(timed) else timed

    def _sweep(self) -> None:
        if time.monotonic() > self._swept + _SWEEP_S:
            self._swept = time.monotonic()
            self._values = {
                k: timed for k, timed in self._values.items() if not _has_expired(timed)
            }


def _end(expire: float | None) -> float | None:
    return None if expire is None else time.monotonic() + expire


def _has_expired(timed: _TimedValue) -> bool:
    return timed.end is not None and timed.end <= time.monotonic()
