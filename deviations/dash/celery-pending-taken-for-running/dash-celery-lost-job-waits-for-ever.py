"""Dash: with Celery, a page whose result was lost polls for ever."""

from typing import Any

from celery.backends.cache import _DUMMY_CLIENT_CACHE
from celery.contrib.testing.worker import start_worker
from dash import CeleryManager, Dash, Input, Output, html

from deviations.common.celery_worker import TaskWatch, celery_in_memory
from deviations.common.dash_page import Callback, Page

POLLS = 20
celery_app = celery_in_memory()
tasks = TaskWatch()


def program() -> Any:
    """Return an app whose job returns at once."""
    app = Dash(background_callback_manager=CeleryManager(celery_app))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])

    @app.callback(Output("out", "children"), Input("run", "n_clicks"), background=True)
    def job(n_clicks: int) -> str:
        return "done"

    return app


def deviates() -> bool:
    callback = Callback(Page(program()))
    with start_worker(celery_app, perform_ping_check=False):
        handles = callback.start()
        tasks.wait_for_end()
        _DUMMY_CLIENT_CACHE.clear()  # like a result backend that is emptied, or restarted
        answers = [callback.poll(handles) for _ in range(POLLS)]
    print("expected: a poll for a job that has ended, and whose result is lost, ends the polling")
    print(f"seen: {POLLS} polls, the last is answered with {answers[-1].status_code}", end=" ")
    print(answers[-1].text)
    # The renderer polls on after a 200 without a response.
    return all(answer.status_code == 200 and "response" not in answer.json for answer in answers)
