"""Dash: two callbacks made by one function share one result.

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
    from dash import Dash, DiskcacheManager, Input, Output, html
except ImportError as missing:
    print(f"undecided: {missing}")
    sys.exit(2)


def serve(folder: str) -> Any:
    """Return an HTTP client of an app with one callback for each side."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="left"), html.Div(id="right")])

    def connect(side: str) -> None:
        @app.callback(Output(side, "children"), Input("run", "n_clicks"), background=True)
        def job(n_clicks: int) -> str:
            return f"for the {side}"

    connect("left")
    connect("right")
    return app.server.test_client()


def send(http: Any, side: str, clicks: int | None, **handles: str) -> Any:
    """Send what the renderer sends: a trigger, or, with `cacheKey` and `job`, a poll."""
    body = {
        "output": f"{side}.children",
        "outputs": {"id": side, "property": "children"},
        "inputs": [{"id": "run", "property": "n_clicks", "value": clicks}],
        "changedPropIds": ["run.n_clicks"],
    }
    return http.post("/_dash-update-component", json=body, query_string=handles)


def run(http: Any, side: str) -> dict[str, str]:
    """Start a job, wait until its process has ended, and return its handles."""
    answer = send(http, side, 1).json
    for process in multiprocess.active_children():
        process.join(10)
    return {"cacheKey": answer["cacheKey"], "job": answer["job"]}


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        http = serve(folder)
        handles = {side: run(http, side) for side in ("left", "right")}
        seen = {side: send(http, side, None, **handles[side]) for side in handles}
    print("expected: each output gets its own result")
    for side, answer in seen.items():
        print(f"seen: {side} gets {answer.status_code} {answer.text!r}")
    return 0 if all(f"for the {side}" in seen[side].text for side in seen) else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
