"""The plugins without which Dash Labs takes no long callback."""

from __future__ import annotations

from dataclasses import dataclass

from impl_dash_style.exceptions import DeclarationError
from impl_dash_style.labs.celery_manager import CeleryCallbackManager
from impl_dash_style.labs.diskcache_manager import DiskcacheCachingCallbackManager
from impl_dash_style.labs.flask_caching_manager import FlaskCachingCallbackManager
from impl_dash_style.manager import Manager, check_manager

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
    """Lets callbacks take their dependencies as ``args``, in any grouping."""


@dataclass(frozen=True)
class HiddenComponents:
    """In Dash Labs, lets long callbacks keep their state in the page. Here the server keeps it."""


@dataclass(frozen=True)
class LongCallback:
    """Enables ``app.long_callback``. The manager runs the jobs."""

    manager: Manager

    def __post_init__(self) -> None:
        if check_manager(self.manager) is None:
            raise DeclarationError("LongCallback needs a manager: LongCallback(manager)")
