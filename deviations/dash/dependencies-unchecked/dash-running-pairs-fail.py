"""Dash: a pair of Output and value in `running` is accepted, and a trigger fails."""

from typing import Any

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, html

from deviations.common.dash_page import callback_of
from deviations.common.outcome import Undecided


def program(folder: str, running: Any) -> Dash:
    """Return an app with a callback that has these entries."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="status"), html.Div(id="out")])

    @app.callback(
        Output("out", "children"), Input("run", "n_clicks"), background=True, running=running
    )
    def job(n_clicks: int) -> str:
        return "done"

    return app


def trigger_status(*entry: Any) -> int:
    """Return the status with which a trigger is answered."""
    with callback_of(program, [entry]) as callback:
        return int(callback.send(1).status_code)


def deviates() -> bool:
    status = Output("status", "children")
    print("expected: both triggers are answered with 200, or the pair is refused before")
    triple = trigger_status(status, "at work", "idle")
    try:
        pair = trigger_status(status, "at work")
    except (IndexError, TypeError, ValueError) as refusal:
        print(f"seen: the pair is refused: {type(refusal).__name__}: {refusal}")
        return False
    print(f"seen: with a triple {triple}, with a pair {pair}")
    if triple != 200:
        raise Undecided("a triple is not answered with 200")
    return pair >= 500
