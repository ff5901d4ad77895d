"""Dash: a dict of Outputs is refused as progress."""

import tempfile
from typing import Any

import diskcache
from dash import Dash, DiskcacheManager, Input, Output


def program(folder: str, progress: Any) -> Dash:
    """Return an app with a background callback that reports progress."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))

    @app.callback(
        Output("out", "children"), Input("run", "n_clicks"), background=True, progress=progress
    )
    def job(set_progress: Any, n_clicks: int) -> str:
        return "done"

    return app


def deviates() -> bool:
    now, total = Output("bar", "value"), Output("bar", "max")
    print("expected: a grouping of Outputs is accepted as progress")
    with tempfile.TemporaryDirectory() as folder:
        program(folder, [now, total])
        try:
            program(folder, {"now": now, "total": total})
        except (AttributeError, TypeError, ValueError) as refusal:
            print(f"seen: a list is accepted, a dict is not: {type(refusal).__name__}: {refusal}")
            return True
    print("seen: a list and a dict are accepted")
    return False
