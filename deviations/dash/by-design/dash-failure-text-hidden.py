"""Dash: the page is not told why a job failed."""

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, html

from deviations.common.dash_page import callback_of


def program(folder: str) -> Dash:
    """Return an app whose job raises."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])

    @app.callback(Output("out", "children"), Input("run", "n_clicks"), background=True)
    def job(n_clicks: int) -> None:
        raise ValueError("the disk is full")

    return app


def deviates() -> bool:
    with callback_of(program) as callback:
        answer = callback.result()
    is_named = "the disk is full" in answer.get_data(as_text=True)
    print("expected: an answer that says that the disk is full")
    print(f"seen: {answer.status_code}, which {'does' if is_named else 'does not'}")
    return not is_named
