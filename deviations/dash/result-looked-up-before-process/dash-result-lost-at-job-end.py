"""Dash: the result of a job that ends during a poll is lost.

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

gate, gate_opener = multiprocess.Pipe(duplex=False)


def finish() -> None:
    """Let the job return, and wait until its process has ended."""
    gate_opener.send("finish")
    for process in multiprocess.active_children():
        process.join(10)


class SlowCache(diskcache.Cache):
    """A cache whose next look-up that finds nothing is answered after the job has ended."""

    slow = False

    def get(self, key: Any, default: Any = None, *args: Any, **kwargs: Any) -> Any:
        value = super().get(key, default, *args, **kwargs)
        if SlowCache.slow and value is default:
            SlowCache.slow = False
            finish()
        return value


def serve(folder: str) -> Any:
    """Return an HTTP client of an app whose job waits at the gate."""
    app = Dash(background_callback_manager=DiskcacheManager(SlowCache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])

    @app.callback(Output("out", "children"), Input("run", "n_clicks"), background=True)
    def job(n_clicks: int) -> str:
        gate.recv()
        return "the result"

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
        handles = {"cacheKey": started["cacheKey"], "job": started["job"]}
        SlowCache.slow = True
        poll = send(http, None, **handles)
        if SlowCache.slow:  # no look-up that finds nothing: there is no such moment any more
            finish()
        if poll.json and "response" not in poll.json:  # still running: the page polls again
            poll = send(http, None, **handles)
    print("expected: 200 with 'the result', in this poll or in the next")
    print(f"seen: {poll.status_code} {poll.text!r}, after which the page polls no more")
    return 0 if "the result" in poll.text else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
    finally:
        for process in multiprocess.active_children():
            process.kill()
