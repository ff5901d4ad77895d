"""Dash: a progress value that is too short ends the page, not the job.

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
    from multiprocess.connection import wait
except ImportError as missing:
    print(f"undecided: {missing}")
    sys.exit(2)

gate, gate_opener = multiprocess.Pipe(duplex=False)
reported, report = multiprocess.Pipe(duplex=False)


def serve(folder: str) -> Any:
    """Return an HTTP client of an app whose job reports one value for two Outputs, and waits."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Progress(id="bar"), html.Div(id="out")])

    @app.callback(
        Output("out", "children"),
        Input("run", "n_clicks"),
        background=True,
        progress=[Output("bar", "value"), Output("bar", "max")],
    )
    def job(set_progress: Any, n_clicks: int) -> str:
        try:
            set_progress(["5"])
        finally:
            report.send("reported")
        gate.recv()
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
        if not reported.poll(10):
            raise RuntimeError("the job did not start")
        poll = send(http, None, cacheKey=started["cacheKey"], job=started["job"])
        (job,) = multiprocess.active_children()
        alive = not wait([job.sentinel], timeout=0.5)  # it is ready when the process is dead
    print("expected: set_progress raises in the job, or the page polls on while the job runs")
    print(f"seen: the poll brings {poll.status_code}, which ends the page's callback;")
    print(f"      the job is {'alive' if alive else 'dead'}")
    return 1 if poll.status_code == 500 and alive else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
    finally:
        for process in multiprocess.active_children():
            process.kill()
