"""Dash: a result with the key `background_callback_error` is taken for an error."""

from typing import Any

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, dcc, html

from deviations.common.dash_page import callback_of


def program(folder: str) -> Dash:
    """Return an app whose job returns a dictionary."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), dcc.Store(id="out")])

    @app.callback(Output("out", "data"), Input("run", "n_clicks"), background=True)
    def job(n_clicks: int) -> Any:
        report = {"msg": "seen yesterday", "tb": "in the log"}
        return {"background_callback_error": report, "long_callback_error": report}  # before 3.0

    return app


def deviates() -> bool:
    with callback_of(program, output="out.data") as callback:
        answer = callback.result()
    print("expected: 200 with the dictionary")
    print(f"seen: {answer.status_code}")
    return answer.status_code != 200 or "seen yesterday" not in answer.text
