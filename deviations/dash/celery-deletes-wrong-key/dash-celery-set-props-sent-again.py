"""Dash: with Celery, what a job sets once is set again at each poll."""

from celery.contrib.testing.worker import start_worker
from dash import CeleryManager, Dash, Input, Output, html, set_props

from deviations.common.celery_worker import celery_in_memory
from deviations.common.dash_page import Callback, Page
from deviations.common.outcome import Undecided
from deviations.common.waiting import Gate

gate = Gate()
celery_app = celery_in_memory()


def program() -> Dash:
    """Return an app whose job sets a property, and waits."""
    app = Dash(background_callback_manager=CeleryManager(celery_app))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="note"), html.Div(id="out")])

    @app.callback(Output("out", "children"), Input("run", "n_clicks"), background=True)
    def job(n_clicks: int) -> str:
        set_props("note", {"children": "half"})
        gate.wait()
        return "done"

    return app


def deviates() -> bool:
    callback = Callback(Page(program()))
    with start_worker(celery_app, perform_ping_check=False):
        handles = callback.start()
        gate.reached()
        first, second = (callback.poll(handles).json.get("sideUpdate") for _ in range(2))
        gate.open()
    if not first:
        raise Undecided("the first poll does not bring what the job has set")
    print("expected: the first poll brings what the job has set, the second nothing")
    print(f"seen: {first}, {second}")
    return bool(second)
