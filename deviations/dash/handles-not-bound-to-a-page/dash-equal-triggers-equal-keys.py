"""Dash: two users who trigger a callback with the same value are given the same key."""

import tempfile

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, html

from deviations.common.dash_page import Callback, Page
from deviations.common.jobs import kill_jobs
from deviations.common.waiting import Gate

gate = Gate()  # it stays closed


def program(folder: str) -> Dash:
    """Return an app whose job waits."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Button(id="cancel"), html.Div(id="out")])

    @app.callback(
        Output("out", "children"),
        Input("run", "n_clicks"),
        cancel=[Input("cancel", "n_clicks")],
        background=True,
    )
    def job(n_clicks: int) -> str:
        gate.wait()
        return "done"

    return app


def deviates() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        app = program(folder)
        keys = [Callback(Page(app)).start()["cacheKey"] for _ in range(2)]
        kill_jobs()
    print("expected: each of two pages is given a key of its own")
    print(f"seen: {keys}")
    return keys[0] == keys[1]
