"""Dash: an empty list that is reported as progress is dropped."""

from typing import Any

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, dcc, html

from deviations.common.dash_page import callback_of


def program(folder: str) -> Dash:
    """Return an app whose progress is a list of options that ends empty."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), dcc.Dropdown(id="cities"), html.Div(id="out")])

    @app.callback(
        Output("out", "children"),
        Input("run", "n_clicks"),
        background=True,
        progress=Output("cities", "options"),
    )
    def job(set_progress: Any, n_clicks: int) -> str:
        set_progress([])
        return "done"

    return app


def deviates() -> bool:
    with callback_of(program) as callback:
        progress = callback.result().json.get("progress", "no progress at all")
    print("expected: cities.options is []")
    print(f"seen: {progress}")
    return progress != {"cities.options": []}
