"""Dash: `on_error` is accepted and never called.

Exit: 1 it is still so, 0 it is gone, 2 undecided.
"""

from __future__ import annotations

import logging
import sys
import tempfile
from typing import Any

try:
    import diskcache
    import multiprocess
    from dash import Dash, DiskcacheManager, Input, Output, dcc, html
except ImportError as missing:
    print(f"undecided: {missing}")
    sys.exit(2)


def serve(folder: str) -> Any:
    """Return an HTTP client of an app whose job raises, and that has words for it."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([dcc.Input(id="word"), html.Div(id="out")])

    @app.callback(
        Output("out", "children"),
        Input("word", "value"),
        background=True,
        on_error=lambda error: "sorry",
    )
    def job(word: str) -> str:
        raise ValueError(word)

    return app.server.test_client()


def send(http: Any, **handles: str) -> Any:
    """Send what the renderer sends: a trigger, or, with `cacheKey` and `job`, a poll."""
    body = {
        "output": "out.children",
        "outputs": {"id": "out", "property": "children"},
        "inputs": [{"id": "word", "property": "value", "value": "a"}],
        "changedPropIds": ["word.value"],
    }
    return http.post("/_dash-update-component", json=body, query_string=handles)


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        http = serve(folder)
        answer = send(http).json
        for process in multiprocess.active_children():
            process.join(10)
        last = send(http, cacheKey=answer["cacheKey"], job=answer["job"])
    print("expected: the output shows 'sorry'")
    print(f"seen: {last.status} {'with it' if 'sorry' in last.text else 'without it'}")
    return 0 if "sorry" in last.text else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
