"""Dash: `on_error` is accepted and never called."""

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, html

from deviations.common.dash_page import callback_of


def program(folder: str) -> Dash:
    """Return an app whose job raises, and that has words for it."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])

    @app.callback(
        Output("out", "children"),
        Input("run", "n_clicks"),
        background=True,
        on_error=lambda error: "sorry",
    )
    def job(n_clicks: int) -> str:
        raise ValueError("no")

    return app


def deviates() -> bool:
    with callback_of(program) as callback:
        answer = callback.result()
    print("expected: the output shows 'sorry'")
    print(f"seen: {answer.status} {'with it' if 'sorry' in answer.text else 'without it'}")
    return "sorry" not in answer.text
