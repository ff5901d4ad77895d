"""Dash: a pair of Output and value is refused in `running`."""

import tempfile
from typing import Any

import diskcache
from dash import Dash, DiskcacheManager, Input, Output


def program(folder: str, running: Any) -> Dash:
    """Return an app with a callback that has these entries."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))

    @app.callback(
        Output("out", "children"), Input("run", "n_clicks"), background=True, running=running
    )
    def job(n_clicks: int) -> str:
        return "done"

    return app


def deviates() -> bool:
    status = Output("status", "children")
    print("expected: a pair of Output and value is accepted in `running`")
    with tempfile.TemporaryDirectory() as folder:
        program(folder, [(status, "at work", "idle")])
        try:
            program(folder, [(status, "at work")])
        except (IndexError, TypeError, ValueError) as refusal:
            print(f"seen: a triple is, a pair is not: {type(refusal).__name__}: {refusal}")
            return True
    print("seen: a triple and a pair are accepted")
    return False
