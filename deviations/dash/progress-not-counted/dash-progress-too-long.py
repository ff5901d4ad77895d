"""Dash: what a job reports beyond the Outputs of `progress` is dropped without a word."""

from typing import Any

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, html

from deviations.common.dash_page import callback_of


def program(folder: str) -> Dash:
    """Return an app whose job reports three values for two Outputs."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Progress(id="bar"), html.Div(id="out")])

    @app.callback(
        Output("out", "children"),
        Input("run", "n_clicks"),
        background=True,
        progress=[Output("bar", "value"), Output("bar", "max")],
    )
    def job(set_progress: Any, n_clicks: int) -> str:
        set_progress(["1", "2", "3"])
        return "done"

    return app


def deviates() -> bool:
    with callback_of(program) as callback:
        poll = callback.result()
    progress = (poll.json or {}).get("progress")
    print("expected: set_progress raises, and the poll is answered with the failure")
    print(f"seen: {poll.status_code}, progress {progress}")
    return poll.status_code == 200 and bool(progress)
