"""Dash Labs: with Celery, a job that returns no_update fails."""

from typing import Any

import dash_html_components as html
import dash_labs as dl
from celery.contrib.testing.worker import start_worker
from dash import no_update
from dash_labs.plugins import CeleryCallbackManager

from deviations.common.celery_worker import TaskWatch, celery_in_memory
from deviations.common.labs import labs_app
from deviations.common.timer_page import TimerPage

celery_app = celery_in_memory()
tasks = TaskWatch()


def program() -> Any:
    """Return an app whose job declines to update."""
    app = labs_app(CeleryCallbackManager(celery_app))
    app.layout = html.Div([html.Button(id="run"), html.Div("before", id="out")])

    @app.long_callback(output=dl.Output("out", "children"), args=dl.Input("run", "n_clicks"))
    def job(n_clicks: int) -> Any:
        return no_update

    return app


def deviates() -> bool:
    page = TimerPage(program())
    with start_worker(celery_app, perform_ping_check=False):
        page.change("run.n_clicks", 1)
        tasks.wait_for_end()
        page.tick()
    print("expected: the answer after the end of the job has the status 200")
    print(f"seen: {page.answer.status_code}")
    return page.answer.status_code != 200
