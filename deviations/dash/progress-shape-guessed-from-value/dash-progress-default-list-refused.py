"""Dash: a list is refused as the default of a single progress Output."""

import tempfile
from typing import Any

import diskcache
from dash import Dash, DiskcacheManager, Input, Output


def program(folder: str, default: Any) -> Dash:
    """Return an app with a background callback whose progress is a single Output."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))

    @app.callback(
        Output("out", "children"),
        Input("run", "n_clicks"),
        background=True,
        progress=Output("found", "options"),
        progress_default=default,
    )
    def job(set_progress: Any, n_clicks: int) -> str:
        return "done"

    return app


def deviates() -> bool:
    print("expected: any value is accepted as the default of a single progress Output")
    with tempfile.TemporaryDirectory() as folder:
        program(folder, "nothing yet")
        try:
            program(folder, ["Oslo", "Rome"])
        except Exception as refusal:  # what Dash raises is a plain Exception
            print(f"seen: a text is, a list is not: {type(refusal).__name__}: {refusal}")
            return True
    print("seen: a text and a list are accepted")
    return False
