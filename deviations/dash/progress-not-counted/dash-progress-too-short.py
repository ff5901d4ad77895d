"""Dash: a progress value that is too short ends the page, not the job."""

from typing import Any

import diskcache
import multiprocess
from dash import Dash, DiskcacheManager, Input, Output, html

from deviations.common.dash_page import callback_of
from deviations.common.jobs import is_alive
from deviations.common.waiting import Gate

gate = Gate()  # it stays closed


def program(folder: str) -> Dash:
    """Return an app whose job reports one value for two Outputs, and waits."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Progress(id="bar"), html.Div(id="out")])

    @app.callback(
        Output("out", "children"),
        Input("run", "n_clicks"),
        background=True,
        progress=[Output("bar", "value"), Output("bar", "max")],
    )
    def job(set_progress: Any, n_clicks: int) -> None:
        try:
            set_progress(["5"])
        finally:
            gate.wait()

    return app


def deviates() -> bool:
    with callback_of(program) as callback:
        handles = callback.start()
        gate.reached()
        poll = callback.poll(handles)
        (job,) = multiprocess.active_children()
        alive = is_alive(job)
    print("expected: set_progress raises in the job, or the page polls on while the job runs")
    print(f"seen: the poll brings {poll.status_code}, which ends the page's callback;")
    print(f"      the job is {'alive' if alive else 'dead'}")
    return poll.status_code == 500 and alive
