"""Dash Labs: with Celery, the page does not show why a job failed."""

from typing import Any

import dash_html_components as html
import dash_labs as dl
from celery.contrib.testing.worker import start_worker
from dash_labs.plugins import CeleryCallbackManager

from deviations.common.celery_worker import TaskWatch, celery_in_memory
from deviations.common.labs import labs_app
from deviations.common.outcome import Undecided
from deviations.common.timer_page import TimerPage

celery_app = celery_in_memory()
tasks = TaskWatch()


def program() -> Any:
    """Return an app whose job raises with a text."""
    app = labs_app(CeleryCallbackManager(celery_app))
    app.layout = html.Div([html.Button(id="run"), html.Div("before", id="out")])

    @app.long_callback(output=dl.Output("out", "children"), args=dl.Input("run", "n_clicks"))
    def job(n_clicks: int) -> None:
        raise RuntimeError("the disk is full")

    return app


def deviates() -> bool:
    page = TimerPage(program())
    with start_worker(celery_app, perform_ping_check=False):
        page.change("run.n_clicks", 1)
        tasks.wait_for_end()
        page.tick()
    if page.answer.status_code < 400:
        raise Undecided(f"the failure is not shown at all: {page.answer.status_code}")
    is_named = "the disk is full" in page.answer.get_data(as_text=True)
    print("expected: the answer holds the text of the exception, 'the disk is full'")
    print(f"seen: status {page.answer.status_code}, {'with' if is_named else 'without'} the text")
    return not is_named
