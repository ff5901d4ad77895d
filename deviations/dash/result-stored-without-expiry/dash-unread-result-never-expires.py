"""Dash: a cached result that no page has fetched never expires.

Exit: 1 it is still so, 0 it is gone, 2 undecided.
"""

from __future__ import annotations

import logging
import sys
import tempfile
import time
from typing import Any

try:
    import diskcache
    import multiprocess
    from dash import Dash, DiskcacheManager, Input, Output, dcc, html
except ImportError as missing:
    print(f"undecided: {missing}")
    sys.exit(2)

gate, gate_opener = multiprocess.Pipe(duplex=False)

EXPIRE_SECONDS = 1


def serve(folder: str) -> Any:
    """Return an HTTP client of an app whose first job ends and whose second waits."""
    cache = diskcache.Cache(folder)
    manager = DiskcacheManager(cache, cache_by=[lambda: "version 1"], expire=EXPIRE_SECONDS)
    app = Dash(background_callback_manager=manager)
    app.layout = html.Div([dcc.Store(id="value"), html.Div(id="out")])
    first = diskcache.Deque([1], folder + "/first")

    @app.callback(Output("out", "children"), Input("value", "data"), background=True)
    def job(value: int) -> str:
        if not first:
            gate.recv()
        return f"result {first.pop()}"

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
        send(http, 1)  # its page is closed before it polls
        for process in multiprocess.active_children():
            process.join(10)
        time.sleep(EXPIRE_SECONDS + 1)  # time is the subject
        second = send(http, 1).json
        poll = send(http, None, cacheKey=second["cacheKey"], job=second["job"])
    print(
        f"expected: after {EXPIRE_SECONDS + 1} s the result has expired, and the second job works"
    )
    print(f"seen: its first poll brings {poll.text!r}")
    return 1 if "result 1" in poll.text else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
    finally:
        for left in multiprocess.active_children():
            left.kill()
