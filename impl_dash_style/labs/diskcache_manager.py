"""The manager that Dash Labs has for ``diskcache``."""

from __future__ import annotations

from impl_dash_style.diskcache_manager import DiskcacheLongCallbackManager


class DiskcacheCachingCallbackManager(DiskcacheLongCallbackManager):
    """Runs jobs as processes and keeps everything in a ``diskcache.Cache``."""
