"""The manager that Dash Labs has for `diskcache`."""

from __future__ import annotations

from ..diskcache_manager import DiskcacheLongCallbackManager


class DiskcacheCachingCallbackManager(DiskcacheLongCallbackManager):
    """Runs jobs as processes and keeps everything in a `diskcache.Cache`."""
