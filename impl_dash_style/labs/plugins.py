"""The plugins that Dash Labs asks for before it takes a long callback."""

from __future__ import annotations

from dataclasses import dataclass

from ..exceptions import DeclarationError
from ..manager import Manager, check_manager
from .celery_manager import CeleryCallbackManager
from .diskcache_manager import DiskcacheCachingCallbackManager
from .flask_caching_manager import FlaskCachingCallbackManager

__all__ = [
    "CeleryCallbackManager",
    "DiskcacheCachingCallbackManager",
    "FlaskCachingCallbackManager",
    "FlexibleCallbacks",
    "HiddenComponents",
    "LongCallback",
]


@dataclass(frozen=True)
class FlexibleCallbacks:
    """Lets callbacks take their dependencies as `args`, in any grouping."""


@dataclass(frozen=True)
class HiddenComponents:
    """In Dash Labs, lets long callbacks keep their state in the page. Here the server keeps it."""


@dataclass(frozen=True)
class LongCallback:
    """Enables `app.long_callback`. The manager runs the jobs."""

    manager: Manager

    def __post_init__(self) -> None:
        if check_manager(self.manager) is None:
            raise DeclarationError("LongCallback needs a manager: LongCallback(manager)")
