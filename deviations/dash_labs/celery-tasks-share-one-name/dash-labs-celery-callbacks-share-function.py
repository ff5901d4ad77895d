"""Dash Labs: with Celery, every long callback of a program calls the function of one of them."""

from typing import Any

import dash_html_components as html
import dash_labs as dl
from celery.contrib.testing.worker import start_worker
from dash_labs.plugins import CeleryCallbackManager

from deviations.common.celery_worker import celery_in_memory
from deviations.common.labs import labs_app
from deviations.common.timer_page import TimerPage
from deviations.common.waiting import Notes

celery_app = celery_in_memory()
calls = Notes()


def program() -> Any:
    """Return an app with two callbacks, whose functions note that they are called."""
    app = labs_app(CeleryCallbackManager(celery_app))
    buttons = [html.Button(id="first"), html.Button(id="second")]
    app.layout = html.Div([*buttons, html.Div(id="out"), html.Div(id="other")])

    @app.long_callback(output=dl.Output("out", "children"), args=dl.Input("first", "n_clicks"))
    def first(n_clicks: int) -> str:
        calls.write("first")
        return "done"

    @app.long_callback(output=dl.Output("other", "children"), args=dl.Input("second", "n_clicks"))
    def second(n_clicks: int) -> str:
        calls.write("second")
        return "done"

    return app


def deviates() -> bool:
    page = TimerPage(program())
    called = []
    with start_worker(celery_app, perform_ping_check=False):
        for button in ("first", "second"):
            page.change(f"{button}.n_clicks", 1)
            called.append(calls.read())
    print("expected: the functions first and second are called, one after the other")
    print(f"seen: {' and '.join(called)}")
    return called != ["first", "second"]
