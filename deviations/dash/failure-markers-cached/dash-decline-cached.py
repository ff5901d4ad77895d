"""Dash: `PreventUpdate` stays in the cache, and each further trigger ends without a result.

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
    from dash import Dash, DiskcacheManager, Input, Output, dcc, html, no_update
except ImportError as missing:
    print(f"undecided: {missing}")
    sys.exit(2)

gate, gate_opener = multiprocess.Pipe(duplex=False)


def serve(folder: str) -> Any:
    """Return an HTTP client of an app whose first job has no update, and whose second waits."""
    manager = DiskcacheManager(diskcache.Cache(folder), cache_by=[lambda: "version 1"])
    app = Dash(background_callback_manager=manager)
    app.layout = html.Div([dcc.Store(id="value"), html.Div(id="out")])
    first = diskcache.Deque([1], folder + "/first")

    @app.callback(Output("out", "children"), Input("value", "data"), background=True)
    def job(value: int) -> str:
        if first:
            first.pop()
            return no_update
        gate.recv()
        return "done"

    return app.server.test_client()


def send(http: Any, value: Any, **handles: str) -> Any:
    """Send what the renderer sends: a trigger, or, with `cacheKey` and `job`, a poll."""
    body = {
        "output": "out.children",
        "outputs": {"id": "out", "property": "children"},
        "inputs": [{"id": "value", "property": "data", "value": value}],
        "changedPropIds": ["value.data"],
    }
    return http.post("/_dash-update-component", json=body, query_string=handles)


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        http = serve(folder)
        first = send(http, 1).json
        for process in multiprocess.active_children():
            process.join(10)
        poll = send(http, None, cacheKey=first["cacheKey"], job=first["job"])
        if poll.status_code != 204:
            print(f"undecided: the first run is answered with {poll.status_code}, not 204")
            return 2
        second = send(http, 1).json
        poll = send(http, None, cacheKey=second["cacheKey"], job=second["job"])
    print("expected: the second job is at work, and its page is told to ask again (200)")
    print(f"seen: its first poll is answered with {poll.status_code}")
    return 1 if poll.status_code == 204 else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
    finally:
        for left in multiprocess.active_children():
            left.kill()
