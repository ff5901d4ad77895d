"""Dash: a progress_default of 0 is ignored.

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
    """Return an HTTP client of an app whose progress has the default 0."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Progress(id="bar"), html.Div(id="out")])

    @app.callback(
        Output("out", "children"),
        Input("run", "n_clicks"),
        background=True,
        progress=Output("bar", "value"),
        progress_default=0,
    )
    def job(set_progress: Any, n_clicks: int) -> str:
        set_progress(5)
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


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        http = serve(folder)
        started = send(http, 1).json
        for process in multiprocess.active_children():
            process.join(10)
        final = send(http, None, cacheKey=started["cacheKey"], job=started["job"]).json
    # What the renderer applies at the end: the poll's progress, then the default of the start.
    shown = {**final.get("progress", {}), **started.get("progressDefault", {})}
    print("expected: bar.value is 0 after the end")
    print(f"seen: {shown}; the start has answered with {sorted(started)}")
    return 0 if shown == {"bar.value": 0} else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
