"""Background callbacks of Dash on Huey: ``HueyManager`` for a program, ``python -m dash_huey`` for its workers."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from dash_huey.manager import HueyManager

__all__ = ["HueyManager", "make_manager"]


def make_manager(
    cache_by: list[Callable[[], Any]] | None = None, expire: int | None = None
) -> HueyManager:
    """A manager on the SQLite database that ``DASH_HUEY_DB`` names. The conformance suite calls it by its name."""
    return HueyManager(os.environ.get("DASH_HUEY_DB", "huey.db"), cache_by=cache_by, expire=expire)
