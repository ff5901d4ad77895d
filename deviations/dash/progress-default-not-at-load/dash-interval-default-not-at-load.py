"""Dash: the progress default of a long callback is not shown when the page is loaded."""

from typing import Any

import diskcache
from dash import Dash, html
from dash.dependencies import Input, Output
from dash.long_callback import DiskcacheLongCallbackManager

from deviations.common.long_callback import long_callback_page


def program(folder: str) -> Dash:
    """Return an app with a progress default."""
    app = Dash(long_callback_manager=DiskcacheLongCallbackManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.P("layout", id="step"), html.Div(id="out")])

    @app.long_callback(
        Output("out", "children"),
        Input("run", "n_clicks"),
        progress=Output("step", "children"),
        progress_default="not started",
        prevent_initial_call=True,
    )
    def job(set_progress: Any, n_clicks: int) -> str:
        return "done"

    return app


def deviates() -> bool:
    with long_callback_page(program) as page:
        [callback] = page.callbacks
    step, is_prevented = page.values["step.children"], callback["prevent_initial_call"]
    print("expected: step.children is not started, or an initial call brings it")
    print(f"seen: {step}, and the initial call is prevented: {is_prevented}")
    return bool(is_prevented) and step != "not started"
