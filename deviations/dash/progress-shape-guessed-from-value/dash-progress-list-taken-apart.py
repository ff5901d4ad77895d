"""Dash: a list as the value of a single progress Output is taken apart.

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
    """Return an HTTP client of an app whose progress is a list of options."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), dcc.Dropdown(id="found"), html.Div(id="out")])

    @app.callback(
        Output("out", "children"),
        Input("run", "n_clicks"),
        background=True,
        progress=Output("found", "options"),
    )
    def job(set_progress: Any, n_clicks: int) -> str:
        set_progress(["Oslo", "Rome"])
        return "done"

    return app.server.test_client()


def send(http: Any, clicks: int | None, **handles: str) -> Any:
    """Send what the renderer sends: a trigger, or, with `cacheKey` and `job`, a poll."""
    body = {
        "output": "out.children",
        "outputs": {"id": "out", "property": "children"},
        "inputs": [{"id": "run", "property": "n_clicks", "value": clicks}],
        "changedPropIds": ["run.n_clicks"],
    }
    return http.post("/_dash-update-component", json=body, query_string=handles)


def run(http: Any, clicks: int) -> dict[str, str]:
    """Start a job, wait until its process has ended, and return its handles."""
    answer = send(http, clicks).json
    for process in multiprocess.active_children():
        process.join(10)
    return {"cacheKey": answer["cacheKey"], "job": answer["job"]}


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        http = serve(folder)
        final = send(http, None, **run(http, 1)).json
    print("expected: found.options is ['Oslo', 'Rome']")
    print(f"seen: {final['progress']}")
    return 0 if final["progress"] == {"found.options": ["Oslo", "Rome"]} else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
