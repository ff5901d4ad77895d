"""Dash: with Celery, the child processes of a cancelled job live on."""

import os
import subprocess

from dash import CeleryManager, Dash, Input, Output, html

from deviations.common.celery_worker import celery_in_memory, conclude_with_pool, start_pool
from deviations.common.dash_page import Callback, Page
from deviations.common.outcome import Undecided
from deviations.common.waiting import Gate, Notes, ends_soon

child_ids = Notes()
gate = Gate()  # it stays closed
celery_app = celery_in_memory()


def program() -> Dash:
    """Return an app with two jobs, which report a process id: their own, or that of a program they start."""
    app = Dash(background_callback_manager=CeleryManager(celery_app))
    buttons = [html.Button(id=button) for button in ("plain", "parent", "cancel")]
    app.layout = html.Div([*buttons, html.Div(id="out"), html.Div(id="other")])
    options = {"background": True, "cancel": [Input("cancel", "n_clicks")]}

    @app.callback(Output("out", "children"), Input("plain", "n_clicks"), **options)
    def plain(n_clicks: int) -> None:
        child_ids.write(os.getpid())
        gate.wait()

    @app.callback(Output("other", "children"), Input("parent", "n_clicks"), **options)
    def parent(n_clicks: int) -> None:
        child_ids.write(subprocess.Popen(["sleep", "60"]).pid)
        gate.wait()

    return app


def ends_when_cancelled(callback: Callback) -> bool:
    handles = callback.start()
    process_id = child_ids.read()
    callback.page.cancel(handles["job"])
    return ends_soon(process_id)


def deviates() -> bool:
    page = Page(program())
    start_pool(celery_app)
    plain = ends_when_cancelled(Callback(page, "out.children", "plain.n_clicks"))
    child = ends_when_cancelled(Callback(page, "other.children", "parent.n_clicks"))
    if not plain:
        raise Undecided("a plain job does not end when it is cancelled")
    print("expected: the program that a job has started ends when the job is cancelled")
    print(f"seen: {'it has ended' if child else 'it lives on'}")
    return not child


if __name__ == "__main__":
    conclude_with_pool(deviates)
