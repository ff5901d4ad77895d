"""Programs of Dash Labs: the plugins that a long callback needs, the manager, the page, and the jobs."""

import multiprocessing
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import wait
from typing import Any

import dash_labs as dl
from dash import Dash
from dash_labs import plugins

from deviations.common.outcome import Undecided
from deviations.common.timer_page import TimerPage


def labs_app(manager: Any) -> Dash:
    """Return an app that can have long callbacks."""
    parts = [plugins.FlexibleCallbacks(), plugins.HiddenComponents(), plugins.LongCallback(manager)]
    return Dash(__name__, plugins=parts, prevent_initial_callbacks=True)


def labs_manager(folder: str) -> Any:
    """Return the manager of this release: on Flask-Caching in 0.3, on diskcache in 0.4."""
    if hasattr(plugins, "FlaskCachingCallbackManager"):
        from flask_caching import Cache

        cache = Cache(config={"CACHE_TYPE": "filesystem", "CACHE_DIR": folder})
        return plugins.FlaskCachingCallbackManager(cache)
    import diskcache

    return plugins.DiskcacheCachingCallbackManager(diskcache.Cache(folder))


def declare(**options: Any) -> None:
    """Declare a long callback with these options."""
    with tempfile.TemporaryDirectory() as folder:
        options = {
            "output": dl.Output("out", "children"),
            "args": dl.Input("run", "n_clicks"),
            **options,
        }
        labs_app(labs_manager(folder)).long_callback(**options)(lambda *arguments: "done")


@contextmanager
def labs_page(program: Callable[..., Any], *arguments: Any) -> Iterator[TimerPage]:
    """Load the page of a program that keeps its files in a temporary folder; its jobs end with it."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            yield TimerPage(program(folder, *arguments))
        finally:
            for process in multiprocessing.active_children():
                process.kill()
                process.join(10)


def labs_jobs_end() -> None:
    """Wait until the process of each job has ended."""
    for process in multiprocessing.active_children():
        if not wait([process.sentinel], timeout=10):
            raise Undecided("a job did not end within 10 s")
        process.join()
