"""Dash: what a cancelled job had set by `set_props` is shown after the cancel.

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
    import psutil
    from dash import Dash, DiskcacheManager, Input, Output, html, set_props
except ImportError as missing:
    print(f"undecided: {missing}")
    sys.exit(2)

gate, gate_opener = multiprocess.Pipe(duplex=False)
reached, reach = multiprocess.Pipe(duplex=False)


def serve(folder: str) -> Any:
    """Return an HTTP client of an app whose job sets a note and then waits."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    parts = [html.Button(id="run"), html.Button(id="stop"), html.Div(id="note"), html.Div(id="out")]
    app.layout = html.Div(parts)

    @app.callback(
        Output("out", "children"),
        Input("run", "n_clicks"),
        background=True,
        cancel=[Input("stop", "n_clicks")],
        prevent_initial_call=True,
    )
    def job(n_clicks: int) -> None:
        set_props("note", {"children": "half of it is done"})
        reach.send("set")
        gate.recv()

    return app.server.test_client()


def cancel(http: Any, job: str) -> Any:
    """Send what the renderer sends when the user clicks on `stop`."""
    body = {
        "output": "stop.id",
        "outputs": {"id": "stop", "property": "id"},
        "inputs": [{"id": "stop", "property": "n_clicks", "value": 1}],
        "changedPropIds": ["stop.n_clicks"],
    }
    return http.post("/_dash-update-component", json=body, query_string={"cancelJob": job})


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
        if not reached.poll(10):
            raise RuntimeError("the job did not start")
        [job] = multiprocess.active_children()
        cancel(http, started["job"])
        if psutil.pid_exists(job.pid):
            raise RuntimeError("the job was not cancelled")
        # The renderer polls once more: it learns of the cancel from the answer.
        answer = send(http, None, cacheKey=started["cacheKey"], job=started["job"])
    print("expected: the poll after the cancel brings nothing that the job has set")
    print(f"seen: {answer.status_code} {answer.text!r}")
    return 1 if "half of it" in answer.text else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
    finally:
        for process in multiprocess.active_children():
            process.kill()
