"""Long-running callbacks as Dash declares them, on Flask, driving the stock Dash renderer.

To read it, start with ``runs``: what becomes of a trigger, a poll and a cancel. Around it stand

* what a program declares: ``declaration`` and ``background``, which make a ``callbacks.Callback``, with
  ``grouping``, ``dependencies`` and ``wildcards``; in its older form ``long_callback``; and ``registry``,
  which has the callbacks of all apps;
* what a page loads and sends: ``app``, ``page``, ``layout``, ``renderer_callbacks``, ``dispatch``, ``wire``,
  ``incoming``, ``trigger``, ``handles``, and in the browser, beside the renderer, ``reconnect.js`` and
  ``instances.js``;
* what a function can read and set while it runs: ``context`` and ``side_updates``;
* which results are used again: ``caching``, with ``fingerprint`` and ``sessions``;
* the form of Dash Labs: ``labs``, and there, for Celery with ``rpc://``, ``broker_rpc`` and ``memory_store``;
* what runs jobs and remembers them: ``manager``, ``diskcache_manager``, ``job_process``, ``job_starter``,
  ``process``, ``job``, ``store``, ``diskcache_store`` and ``run_store``, and ``temporary`` where no cache is given;
* the same with job queues: ``celery_manager``, ``leases``, ``worker`` and ``redis_store``.
"""

from __future__ import annotations

from dash import Patch, dash_table, html

from impl_dash_style import dcc, exceptions
from impl_dash_style.app import Dash, callback
from impl_dash_style.celery_manager import CeleryManager
from impl_dash_style.context import ctx
from impl_dash_style.dependencies import Input, Output, State, no_update
from impl_dash_style.diskcache_manager import DiskcacheManager
from impl_dash_style.side_updates import set_props
from impl_dash_style.wildcards import ALL, ALL_SMALLER, ALLSMALLER, MATCH

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
    "Patch",
    "State",
    "callback",
    "callback_context",
    "ctx",
    "dash_table",
    "dcc",
    "exceptions",
    "html",
    "no_update",
    "set_props",
]

#: What Dash has by these names and this implementation leaves out.
_LEFT_OUT = (
    "ClientsideFunction",
    "clientside_callback",
    "hooks",
    "jupyter_dash",
    "page_container",
    "page_registry",
    "register_page",
)


def __getattr__(name: str) -> object:
    """Say why a program that was written for Dash cannot be imported."""
    if name in _LEFT_OUT:
        raise ImportError(f"impl_dash_style leaves out {name}: see docs/dash-style.md")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
