"""Dash: a result with the key `background_callback_error` is taken for an error.

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
    """Return an HTTP client of an app whose job returns a dict."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), dcc.Store(id="out")])

    @app.callback(Output("out", "data"), Input("run", "n_clicks"), background=True)
    def job(n_clicks: int) -> Any:
        told = {"msg": "seen yesterday", "tb": "in the log"}
        return {"background_callback_error": told, "long_callback_error": told}  # before 3.0

    return app.server.test_client()


def send(http: Any, clicks: int | None, **handles: str) -> Any:
    """Send what the renderer sends: a trigger, or, with `cacheKey` and `job`, a poll."""
    body = {
        "output": "out.data",
        "outputs": {"id": "out", "property": "data"},
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
        answer = send(http, None, **run(http, 1))
    print("expected: 200 with the dict")
    print(f"seen: {answer.status_code}")
    return 0 if answer.status_code == 200 and "seen yesterday" in answer.text else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
