"""Background callbacks of Dash on RQ: ``RqManager`` for a program, ``python -m dash_rq`` for its workers."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from redis import Redis

from dash_rq.manager import RqManager

__all__ = ["RqManager", "make_manager"]


def make_manager(
    cache_by: list[Callable[[], Any]] | None = None, expire: int | None = None
) -> RqManager:
    """A manager on the Redis server that ``REDIS_URL`` names. The conformance suite calls it by its name."""
    connection = Redis.from_url(os.environ.get("REDIS_URL", "redis://localhost:6379"))
    return RqManager(connection, cache_by=cache_by, expire=expire)
