"""Backends with a fault that no test of equal arguments can tell from Dash's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import diskcache
from dash import DiskcacheManager

CacheBy = list[Callable[[], Any]] | None


class SharedProgress(DiskcacheManager):
    """A manager with one place for the progress of all jobs."""

    @staticmethod
    def _make_progress_key(key: str) -> str:
        return "progress"


class KeyWithoutArguments(DiskcacheManager):
    """A manager that takes the runs of a function for one, whatever its arguments are."""

    def build_cache_key(self, fn: Any, args: Any, *rest: Any) -> str:
        return super().build_cache_key(fn, [], *rest)


def shared_progress(cache_by: CacheBy = None, expire: int | None = None) -> SharedProgress:
    """The factory of the first."""
    return SharedProgress(diskcache.Cache("./cache"), cache_by=cache_by, expire=expire)


def key_without_arguments(
    cache_by: CacheBy = None, expire: int | None = None
) -> KeyWithoutArguments:
    """The factory of the second."""
    return KeyWithoutArguments(diskcache.Cache("./cache"), cache_by=cache_by, expire=expire)
