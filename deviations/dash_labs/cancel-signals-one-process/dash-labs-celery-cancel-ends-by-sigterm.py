"""Dash Labs: with Celery, a cancelled job that ignores SIGTERM goes on."""

import signal
from typing import Any

import dash_html_components as html
import dash_labs as dl
from dash_labs.plugins import CeleryCallbackManager

from deviations.common.celery_worker import celery_in_memory, conclude_with_pool, start_pool
from deviations.common.labs import labs_app
from deviations.common.outcome import Undecided
from deviations.common.timer_page import TimerPage
from deviations.common.waiting import Gate, ends_soon

gate = Gate()  # it stays closed
celery_app = celery_in_memory()


def program() -> Any:
    """Return an app whose job waits, and ignores SIGTERM if it is to be stubborn."""
    app = labs_app(CeleryCallbackManager(celery_app))
    app.layout = html.Div([html.Button(id="run"), html.Button(id="cancel"), html.Div(id="out")])

    @app.long_callback(
        output=dl.Output("out", "children"),
        args=dl.Input("run", "value"),
        cancel=[dl.Input("cancel", "n_clicks")],
    )
    def job(kind: str) -> None:
        if kind == "stubborn":
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
        gate.wait()

    return app


def ends_when_cancelled(page: TimerPage, kind: str) -> bool:
    page.change("run.value", kind)
    process_id = gate.reached()
    page.change("cancel.n_clicks", 1)
    return ends_soon(process_id)


def deviates() -> bool:
    page = TimerPage(program())
    start_pool(celery_app)
    plain, stubborn = ends_when_cancelled(page, "plain"), ends_when_cancelled(page, "stubborn")
    if not plain:
        raise Undecided("a plain job does not end when it is cancelled")
    print("expected: the process of a job that ignores SIGTERM ends when it is cancelled")
    print(f"seen: {'it has ended' if stubborn else 'it lives on'}")
    return not stubborn


if __name__ == "__main__":
    conclude_with_pool(deviates)
