"""Long-running callbacks as Dash declares them, on Flask, driving the stock Dash renderer.

Where to start reading: `declaration.py` says what a program declares, `runs.py` what becomes of a
trigger, `dispatch.py` how a page asks for it.
"""

from __future__ import annotations

from dash import dcc, html

from . import exceptions
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
