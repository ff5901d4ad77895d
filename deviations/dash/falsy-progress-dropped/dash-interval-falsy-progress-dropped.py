"""Dash: falsy progress of a long callback is not shown."""

from typing import Any

import diskcache
from dash import Dash, html
from dash.dependencies import Input, Output
from dash.long_callback import DiskcacheLongCallbackManager

from deviations.common.long_callback import long_callback_page
from deviations.common.waiting import Gate

gate = Gate()  # it stays closed


def program(folder: str) -> Dash:
    """Return an app whose job reports 0, and waits."""
    app = Dash(long_callback_manager=DiskcacheLongCallbackManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.P(id="count"), html.Div(id="out")])

    @app.long_callback(
        Output("out", "children"),
        Input("run", "n_clicks"),
        progress=Output("count", "children"),
        prevent_initial_call=True,
    )
    def job(set_progress: Any, n_clicks: int) -> None:
        set_progress(0)
        gate.wait()

    return app


def deviates() -> bool:
    with long_callback_page(program) as page:
        page.change("run.n_clicks", 1)
        gate.reached()
        count = page.tick().get("count.children")
    print("expected: count.children is 0")
    print(f"seen: {count!r}")
    return count != 0
