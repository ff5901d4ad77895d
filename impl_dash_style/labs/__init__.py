"""Long-running callbacks as Dash Labs declares them: ``import impl_dash_style.labs as dl``.

``declaration`` is the form of ``app.long_callback`` there; the rest has the names of that time.
"""

from __future__ import annotations

from impl_dash_style.labs import plugins
from impl_dash_style.labs.celery_manager import CeleryCallbackManager
from impl_dash_style.labs.dependencies import Input, Output, State
from impl_dash_style.labs.diskcache_manager import DiskcacheCachingCallbackManager
from impl_dash_style.labs.flask_caching_manager import FlaskCachingCallbackManager

__all__ = [
    "CeleryCallbackManager",
    "DiskcacheCachingCallbackManager",
    "FlaskCachingCallbackManager",
    "Input",
    "Output",
    "State",
    "plugins",
]
