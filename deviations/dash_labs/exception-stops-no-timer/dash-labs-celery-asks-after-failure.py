"""Dash Labs: with Celery, a page goes on polling after its job has failed."""

from typing import Any

import dash_html_components as html
import dash_labs as dl
from celery.contrib.testing.worker import start_worker
from dash_labs.plugins import CeleryCallbackManager

from deviations.common.celery_worker import TaskWatch, celery_in_memory
from deviations.common.labs import labs_app
from deviations.common.timer_page import TimerPage

celery_app = celery_in_memory()
tasks = TaskWatch()


def program() -> Any:
    """Return an app whose job raises."""
    app = labs_app(CeleryCallbackManager(celery_app))
    app.layout = html.Div([html.Button(id="run"), html.P("idle", id="note"), html.Div(id="out")])

    @app.long_callback(
        output=dl.Output("out", "children"),
        args=dl.Input("run", "n_clicks"),
        running=[(dl.Output("note", "children"), "busy", "over")],
    )
    def job(n_clicks: int) -> None:
        raise ValueError("no")

    return app


def deviates() -> bool:
    page = TimerPage(program())
    [timer] = page.timers
    jobs = failures = 0
    with start_worker(celery_app, perform_ping_check=False):
        page.change("run.n_clicks", 1)
        for _ in range(6):
            while jobs < len(tasks.sent):
                tasks.wait_for_end()
                jobs += 1
            if not page.is_off(timer):
                page.tick()
                failures += page.answer.status_code == 500
    is_off, note = page.is_off(timer), page.values["note.children"]
    print("expected: one job; the timer is disabled, and note.children is over")
    print(f"seen: {jobs} jobs, {failures} errors; disabled is {is_off}, note.children is {note}")
    return not is_off or note != "over"
