"""Dash Labs: with Celery, a job is executed again if its task has the state STARTED."""

from typing import Any

import dash_html_components as html
import dash_labs as dl
from celery import Celery
from celery.contrib.testing.worker import start_worker
from dash_labs.plugins import CeleryCallbackManager

from deviations.common.celery_worker import TaskWatch, celery_in_memory
from deviations.common.labs import labs_app
from deviations.common.outcome import Undecided
from deviations.common.timer_page import TimerPage
from deviations.common.waiting import Gate

gate = Gate()
tasks = TaskWatch()


def program(celery_app: Celery) -> Any:
    """Return an app whose job waits."""
    app = labs_app(CeleryCallbackManager(celery_app))
    app.layout = html.Div([html.Button(id="run"), html.Div("before", id="out")])

    @app.long_callback(output=dl.Output("out", "children"), args=dl.Input("run", "n_clicks"))
    def job(n_clicks: int) -> str:
        gate.wait()
        return "done"

    return app


def jobs_after_click_and_tick(is_tracked: bool) -> int:
    celery_app = celery_in_memory()
    celery_app.conf.task_track_started = is_tracked
    page = TimerPage(program(celery_app))
    tasks.sent.clear()
    with start_worker(celery_app, perform_ping_check=False):
        page.change("run.n_clicks", 1)
        gate.reached()
        page.tick()
        for _ in tasks.sent:
            gate.open()
    return len(tasks.sent)


def deviates() -> bool:
    untracked, tracked = jobs_after_click_and_tick(False), jobs_after_click_and_tick(True)
    if untracked != 1:
        raise Undecided(f"{untracked} jobs run without task_track_started")
    print("expected: one job, whether or not Celery tracks that it has started")
    print(f"seen: {tracked} jobs with task_track_started")
    return tracked != 1
