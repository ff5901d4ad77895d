"""Dash: `MATCH` in `running` is refused."""

import tempfile
from typing import Any

import diskcache
from dash import MATCH, Dash, DiskcacheManager, Input, Output


def program(folder: str, **options: Any) -> Dash:
    """Return an app with a background callback of rows."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))

    @app.callback(
        Output({"type": "out", "index": MATCH}, "children"),
        Input({"type": "go", "index": MATCH}, "n_clicks"),
        background=True,
        **options,
    )
    def job(n_clicks: int) -> str:
        return "done"

    return app


def deviates() -> bool:
    disabled = (Output({"type": "go", "index": MATCH}, "disabled"), True, False)
    print("expected: `running` may name a property of the row that is triggered")
    with tempfile.TemporaryDirectory() as folder:
        program(folder)
        try:
            program(folder, running=[disabled])
        except Exception as refusal:
            print(f"seen: {type(refusal).__name__}: {refusal}")
            return True
    print("seen: it is accepted")
    return False
