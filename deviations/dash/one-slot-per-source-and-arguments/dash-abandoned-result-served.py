"""Dash: the result of an abandoned run is served to the next user.

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


def serve(folder: str) -> Any:
    """Return an HTTP client of an app whose first job ends and whose second waits."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])
    prices = diskcache.Deque([10], folder + "/prices")

    @app.callback(Output("out", "children"), Input("run", "n_clicks"), background=True)
    def job(n_clicks: int) -> str:
        if not prices:
            gate.recv()
        return f"the price is {prices.pop()}"

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
        run(http, 1)  # the page is closed before its first poll
        second = send(http, 1).json
        poll = send(http, None, cacheKey=second["cacheKey"], job=second["job"])
        (job,) = multiprocess.active_children()
        alive = not wait([job.sentinel], timeout=0.5)  # it is ready when the process is dead
    print("expected: the second job is still at work, and its page polls on")
    print(
        f"seen: its first poll brings {poll.text!r}, its process is {'alive' if alive else 'dead'}"
    )
    return 1 if "the price is 10" in poll.text else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
    finally:
        for process in multiprocess.active_children():
            process.kill()
