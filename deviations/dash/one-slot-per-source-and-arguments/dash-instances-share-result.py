"""Dash: one instance of a callback with `MATCH` shows the result of another.

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
    from dash import MATCH, Dash, DiskcacheManager, Input, Output, ctx, html
except ImportError as missing:
    print(f"undecided: {missing}")
    sys.exit(2)

gate, gate_opener = multiprocess.Pipe(duplex=False)
started, start = multiprocess.Pipe(duplex=False)


def serve(folder: str) -> Any:
    """Return an HTTP client of an app with two rows; the job of a row returns the row's number."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    rows = [
        [
            html.Button(id={"type": "run", "index": index}),
            html.Div(id={"type": "out", "index": index}),
        ]
        for index in (1, 2)
    ]
    app.layout = html.Div([part for row in rows for part in row])

    @app.callback(
        Output({"type": "out", "index": MATCH}, "children"),
        Input({"type": "run", "index": MATCH}, "n_clicks"),
        background=True,
    )
    def job(n_clicks: int) -> str:
        start.send("started")
        gate.recv()
        return f"row {ctx.triggered_id['index']}"

    return app.server.test_client()


def send(http: Any, index: int, clicks: int | None, **handles: str) -> Any:
    """Send what the renderer sends for a row: a trigger, or, with `cacheKey` and `job`, a poll."""
    body = {
        "output": '{"index":["MATCH"],"type":"out"}.children',
        "outputs": {"id": {"index": index, "type": "out"}, "property": "children"},
        "inputs": [
            {"id": {"index": index, "type": "run"}, "property": "n_clicks", "value": clicks}
        ],
        "changedPropIds": [f'{{"index":{index},"type":"run"}}.n_clicks'],
    }
    return http.post("/_dash-update-component", json=body, query_string=handles)


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        http = serve(folder)
        handles = {}
        for index in (1, 2):
            answer = send(http, index, 1).json
            handles[index] = {"cacheKey": answer["cacheKey"], "job": answer["job"]}
            if not started.poll(10):
                raise RuntimeError("the job did not start")
            started.recv()
        for _ in handles:
            gate_opener.send("go on")
        for process in multiprocess.active_children():
            process.join(10)
        seen = {index: send(http, index, None, **handle) for index, handle in handles.items()}
    print("expected: the first poll of each row brings its own result")
    print("seen:", {index: (answer.status_code, answer.text) for index, answer in seen.items()})
    right = all(f"row {index}" in answer.text for index, answer in seen.items())
    return 0 if right else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
    finally:
        for process in multiprocess.active_children():
            process.kill()
