"""Dash: a job that calls sys.exit() passes for a finished one."""

import sys

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, html

from deviations.common.dash_page import callback_of


def program(folder: str) -> Dash:
    """Return an app whose job gives up."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])

    @app.callback(Output("out", "children"), Input("run", "n_clicks"), background=True)
    def job(n_clicks: int) -> str:
        sys.exit("a library gave up")

    return app


def deviates() -> bool:
    with callback_of(program) as callback:
        answer = callback.result()
    print("expected: an error status, as for a job that raises")
    print(f"seen: {answer.status}")
    return answer.status_code < 400
