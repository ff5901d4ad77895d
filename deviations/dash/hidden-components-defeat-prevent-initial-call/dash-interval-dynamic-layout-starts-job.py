"""Dash: prevent_initial_call does not hold for a long callback in a dynamic layout."""

import diskcache
from dash import Dash, html
from dash.dependencies import Input, Output
from dash.long_callback import DiskcacheLongCallbackManager

from deviations.common.long_callback import long_callback_page


def program(folder: str) -> Dash:
    """Return an app with a callback whose initial call is prevented."""
    app = Dash(long_callback_manager=DiskcacheLongCallbackManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])

    @app.long_callback(
        Output("out", "children"), Input("run", "n_clicks"), prevent_initial_call=True
    )
    def job(n_clicks: int) -> str:
        return "done"

    return app


def deviates() -> bool:
    with long_callback_page(program) as page:
        [callback] = page.callbacks
    outputs = callback["output"].strip(".").split("...")
    hidden = [output for output in outputs if "long_callback" in output]
    print("expected: no output of the callback is on the page before its own components")
    print(f"seen: {hidden}")
    return bool(hidden)
