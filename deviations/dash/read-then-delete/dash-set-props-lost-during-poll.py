"""Dash: what a job sets by `set_props` during a poll is lost.

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


def next_value() -> None:
    """Let the job set its next value, and wait until it has."""
    gate_opener.send("go on")
    reached.poll(10)


class SlowCache(diskcache.Cache):
    """A cache whose next look-up that finds what `set_props` left is answered after the job's next call."""

    slow = False

    def get(self, key: Any, default: Any = None, *args: Any, **kwargs: Any) -> Any:
        value = super().get(key, default, *args, **kwargs)
        if SlowCache.slow and "first value" in str(value):
            SlowCache.slow = False
            next_value()
        return value


def serve(folder: str) -> Any:
    """Return an HTTP client of an app whose job sets two values, one after the other, and then waits."""
    app = Dash(background_callback_manager=DiskcacheManager(SlowCache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="note"), html.Div(id="out")])

    @app.callback(Output("out", "children"), Input("run", "n_clicks"), background=True)
    def job(n_clicks: int) -> None:
        for value in ("first value", "second value"):
            set_props("note", {"children": value})
            reach.send(value)
            gate.recv()

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
        if not reached.poll(10):
            raise RuntimeError("the job did not start")
        reached.recv()
        SlowCache.slow = True
        polls = [send(http, None, **handles).json]
        if SlowCache.slow:  # no such look-up: what was set is taken out in one go
            next_value()
        polls += [send(http, None, **handles).json for _ in range(2)]
        for process in multiprocess.active_children():
            process.kill()
            process.join(10)
    print("expected: a poll brings the second value while the job runs")
    print(f"seen: {polls}")
    return 0 if "second value" in str(polls) else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
    finally:
        for process in multiprocess.active_children():
            process.kill()
