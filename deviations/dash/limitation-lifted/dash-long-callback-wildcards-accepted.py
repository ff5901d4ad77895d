"""Dash: a long callback takes wildcards."""

import tempfile

import diskcache
from dash import Dash
from dash.dependencies import ALL, Input, Output
from dash.long_callback import DiskcacheLongCallbackManager


def program(folder: str) -> Dash:
    """Return an app whose callback has a wildcard."""
    app = Dash(long_callback_manager=DiskcacheLongCallbackManager(diskcache.Cache(folder)))

    @app.long_callback(
        output=Output("out", "children"),
        inputs=Input({"kind": "run", "index": ALL}, "n_clicks"),
    )
    def job(n_clicks: list[int]) -> str:
        return "done"

    return app


def deviates() -> bool:
    print("expected: an error that names the id")
    with tempfile.TemporaryDirectory() as folder:
        try:
            program(folder)
        except Exception as error:
            print(f"seen: {type(error).__name__}: {error}")
            return False
    print("seen: the callback was declared")
    return True
