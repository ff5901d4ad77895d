"""Long-running callbacks as Dash Labs declares them: `import impl_dash_style.labs as dl`.

`declaration.py` is the form of `app.long_callback` there; the rest stands in the names of that time.
"""

from __future__ import annotations

from . import plugins
from .celery_manager import CeleryCallbackManager
from .dependencies import Input, Output, State
from .diskcache_manager import DiskcacheCachingCallbackManager
from .flask_caching_manager import FlaskCachingCallbackManager

__all__ = [
    "CeleryCallbackManager",
    "DiskcacheCachingCallbackManager",
    "FlaskCachingCallbackManager",
    "Input",
    "Output",
    "State",
    "plugins",
]
