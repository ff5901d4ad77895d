"""Programs with `long_callback` and a manager on diskcache: declarations, and the page without a browser."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import diskcache
from dash import Dash
from dash.dependencies import Input, Output
from dash.long_callback import DiskcacheLongCallbackManager

from deviations.common.jobs import jobs_end, kill_jobs
from deviations.common.outcome import Undecided
from deviations.common.timer_page import TimerPage
from deviations.common.waiting import Gate


@contextmanager
def long_callback_page(program: Callable[..., Any], *arguments: Any) -> Iterator[TimerPage]:
    """Load the page of a program that keeps its files in a temporary folder; its jobs end with it."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            yield TimerPage(program(folder, *arguments))
        finally:
            kill_jobs()


def shows_stored_result(page: TimerPage, gate: Gate, stored: Any, requested: Any) -> bool:
    """Tell whether another page shows at once, for one value, the result that is stored for another. All jobs but
    the first wait in the gate, so that the first result is the only one."""
    gate.open()
    page.change("value.data", stored)
    jobs_end()
    page.tick()
    if page.values.get("out.children") != "done":
        raise Undecided(f"the first run shows {page.values.get('out.children')}")
    return page.another().change("value.data", requested).get("out.children") == "done"


def declare(cache_by: Any = None, **options: Any) -> None:
    """Declare a long callback with these options, and a manager with this `cache_by`."""
    with tempfile.TemporaryDirectory() as folder:
        manager = DiskcacheLongCallbackManager(diskcache.Cache(folder), cache_by=cache_by)
        options = {
            "output": Output("out", "children"),
            "inputs": Input("run", "n_clicks"),
            **options,
        }
        Dash(long_callback_manager=manager).long_callback(**options)(lambda *arguments: "done")
