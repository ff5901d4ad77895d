"""Long-running callbacks as Dash declares them, on Flask, driving the stock Dash renderer.

To read it, start with `runs.py`: what becomes of a trigger, a poll and a cancel. Around it stand

* what a program declares: `declaration.py`, `background.py`, with `grouping.py` and `dependencies.py`,
  and in its older form `long_callback.py`;
* what a page loads and asks: `app.py`, `page.py`, `layout.py`, `specs.py`, `dispatch.py`, `handles.py`,
  and in the browser, beside the renderer, `reconnect.js`;
* what runs jobs and remembers them: `manager.py`, `diskcache_manager.py`, `process.py`, `job.py`,
  `store.py` and `records.py`.
"""

from __future__ import annotations

from dash import html

from . import dcc, exceptions
from .app import Dash, callback
from .dependencies import Input, Output, State, no_update
from .diskcache_manager import DiskcacheManager

__all__ = [
    "Dash",
    "DiskcacheManager",
    "Input",
    "Output",
    "State",
    "callback",
    "dcc",
    "exceptions",
    "html",
    "no_update",
]
