"""Dash: two callbacks made by one function share one result."""

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, html

from deviations.common.dash_page import Callback, page_of


def program(folder: str) -> Dash:
    """Return an app with one callback for each side."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="left"), html.Div(id="right")])

    def connect(side: str) -> None:
        @app.callback(Output(side, "children"), Input("run", "n_clicks"), background=True)
        def job(n_clicks: int) -> str:
            return f"for the {side}"

    connect("left")
    connect("right")
    return app


def deviates() -> bool:
    with page_of(program) as page:
        callbacks = {side: Callback(page, f"{side}.children") for side in ("left", "right")}
        handles = {side: callback.run() for side, callback in callbacks.items()}
        polls = {side: callback.poll(handles[side]).text for side, callback in callbacks.items()}
    print("expected: each output gets its own result")
    print(f"seen: {polls}")
    return not all(f"for the {side}" in poll for side, poll in polls.items())
