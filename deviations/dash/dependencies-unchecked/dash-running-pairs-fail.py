"""Dash: a pair of Output and value in `running` is accepted, and a trigger fails.

Exit: 1 it is still so, 0 it is gone, 2 undecided.
"""

from __future__ import annotations

import logging
import sys
import tempfile
from typing import Any

try:
    import diskcache
    from dash import Dash, DiskcacheManager, Input, Output, dcc, html
except ImportError as missing:
    print(f"undecided: {missing}")
    sys.exit(2)


def triggered(folder: str, running: Any) -> int:
    """Return the status with which a trigger of a callback with these entries is answered."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([dcc.Input(id="word"), html.Div(id="status"), html.Div(id="out")])

    @app.callback(
        Output("out", "children"), Input("word", "value"), background=True, running=running
    )
    def job(word: str) -> str:
        return word

    body = {
        "output": "out.children",
        "outputs": {"id": "out", "property": "children"},
        "inputs": [{"id": "word", "property": "value", "value": "a"}],
        "changedPropIds": ["word.value"],
    }
    return int(app.server.test_client().post("/_dash-update-component", json=body).status_code)


def main() -> int:
    status = Output("status", "children")
    print("expected: both triggers are answered with 200, or the pair is refused before")
    with tempfile.TemporaryDirectory() as folder:
        triple = triggered(folder, [(status, "at work", "idle")])
        try:
            pair = triggered(folder, [(status, "at work")])
        except (IndexError, TypeError, ValueError) as refusal:
            print(f"seen: the pair is refused: {type(refusal).__name__}: {refusal}")
            return 0
    print(f"seen: with a triple {triple}, with a pair {pair}")
    if triple != 200:
        return 2
    return 1 if pair >= 500 else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
