"""Dash: of the components that a job sets between two polls, only the last one is.

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
    from dash import Dash, DiskcacheManager, Input, Output, html, set_props
except ImportError as missing:
    print(f"undecided: {missing}")
    sys.exit(2)

gate, gate_opener = multiprocess.Pipe(duplex=False)
reached, reach = multiprocess.Pipe(duplex=False)


def serve(folder: str) -> Any:
    """Return an HTTP client of an app whose job sets two components and then waits."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    parts = [html.Div(id=name) for name in ("first", "second", "out")]
    app.layout = html.Div([html.Button(id="run"), *parts])

    @app.callback(Output("out", "children"), Input("run", "n_clicks"), background=True)
    def job(n_clicks: int) -> str:
        set_props("first", {"children": "one"})
        set_props("second", {"children": "two"})
        reach.send("set")
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
        if not reached.poll(10):
            raise RuntimeError("the job did not start")
        handles = {"cacheKey": started["cacheKey"], "job": started["job"]}
        polls = [send(http, None, **handles).json for _ in range(3)]
        for process in multiprocess.active_children():
            process.kill()
            process.join(10)
    updates = [poll.get("sideUpdate", {}) for poll in polls]
    print("expected: the polls bring the new children of `first` and of `second`")
    print(f"seen: {updates}")
    return 0 if {"first", "second"} <= {id for update in updates for id in update} else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
    finally:
        for process in multiprocess.active_children():
            process.kill()
