"""Dash: with Celery, a cancelled job that ignores SIGTERM goes on."""

import signal
from typing import Any

from dash import CeleryManager, Dash, Input, Output, html

from deviations.common.celery_worker import celery_in_memory, conclude_with_pool, start_pool
from deviations.common.dash_page import Callback, Page
from deviations.common.outcome import Undecided
from deviations.common.waiting import Gate, ends_soon

gate = Gate()  # it stays closed
celery_app = celery_in_memory()


def program() -> Any:
    """Return an app with two jobs: one can be ended by SIGTERM, the other ignores it."""
    app = Dash(background_callback_manager=CeleryManager(celery_app))
    buttons = [html.Button(id=button) for button in ("plain", "stubborn", "cancel")]
    app.layout = html.Div([*buttons, html.Div(id="out"), html.Div(id="other")])
    options = {"background": True, "cancel": [Input("cancel", "n_clicks")]}

    @app.callback(Output("out", "children"), Input("plain", "n_clicks"), **options)
    def plain(n_clicks: int) -> None:
        gate.wait()

    @app.callback(Output("other", "children"), Input("stubborn", "n_clicks"), **options)
    def stubborn(n_clicks: int) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        gate.wait()

    return app


def ends_when_cancelled(callback: Callback) -> bool:
    handles = callback.start()
    process_id = gate.reached()
    callback.page.cancel(handles["job"])
    return ends_soon(process_id)


def deviates() -> bool:
    page = Page(program())
    start_pool(celery_app)
    plain = ends_when_cancelled(Callback(page, "out.children", "plain.n_clicks"))
    stubborn = ends_when_cancelled(Callback(page, "other.children", "stubborn.n_clicks"))
    if not plain:
        raise Undecided("a plain job does not end when it is cancelled")
    print("expected: the process of a job that ignores SIGTERM ends when it is cancelled")
    print(f"seen: {'it has ended' if stubborn else 'it lives on'}")
    return not stubborn


if __name__ == "__main__":
    conclude_with_pool(deviates)
