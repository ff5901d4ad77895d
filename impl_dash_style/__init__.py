"""Long-running callbacks as Dash declares them, on Flask, driving the stock Dash renderer.

To read it, start with `runs.py`: what becomes of a trigger, a poll and a cancel. Around it stand

* what a program declares: `declaration.py` and `background.py`, which make a `callbacks.py`, with
  `grouping.py`, `dependencies.py` and `wildcards.py`, and in its older form `long_callback.py`;
* what a page loads and asks: `app.py`, `page.py`, `layout.py`, `specs.py`, `dispatch.py`, `trigger.py`,
  `handles.py`, and in the browser, beside the renderer, `reconnect.js` and `instances.js`;
* what a function may ask and set while it runs: `context.py` and `side_updates.py`;
* which results are used again: `caching.py`, with `fingerprint.py` and `visitors.py`;
* the form of Dash Labs: `labs/`, and there, for Celery with `rpc://`, `questions.py` and `memory_store.py`;
* what runs jobs and remembers them: `manager.py`, `diskcache_manager.py`, `job_process.py`, `process.py`, `job.py`,
  `store.py` and `records.py`, and `temporary.py` where no cache is given;
* the same with job queues: `celery_manager.py`, `tickets.py`, `worker.py` and `redis_store.py`.
"""

from __future__ import annotations

from dash import html

from . import dcc, exceptions
from .app import Dash, callback
from .celery_manager import CeleryManager
from .context import ctx
from .dependencies import Input, Output, State, no_update
from .diskcache_manager import DiskcacheManager
from .side_updates import set_props
from .wildcards import ALL, ALL_SMALLER, ALLSMALLER, MATCH

callback_context = ctx

__all__ = [
    "ALL",
    "ALLSMALLER",
    "ALL_SMALLER",
    "MATCH",
    "CeleryManager",
    "Dash",
    "DiskcacheManager",
    "Input",
    "Output",
    "State",
    "callback",
    "callback_context",
    "ctx",
    "dcc",
    "exceptions",
    "html",
    "no_update",
    "set_props",
]
