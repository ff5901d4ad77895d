"""Dash: the last progress is lost when it is reported during a poll.

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
reported, report = multiprocess.Pipe(duplex=False)


def next_step() -> None:
    """Let the job report its next step, and wait until it has."""
    gate_opener.send("go on")
    reported.poll(10)


class SlowCache(diskcache.Cache):
    """A cache whose next look-up that finds a list is answered after the job's next report."""

    slow = False

    def get(self, key: Any, default: Any = None, *args: Any, **kwargs: Any) -> Any:
        value = super().get(key, default, *args, **kwargs)
        if SlowCache.slow and isinstance(value, list):
            SlowCache.slow = False
            next_step()
        return value


def serve(folder: str) -> Any:
    """Return an HTTP client of an app whose job reports two steps and then waits."""
    app = Dash(background_callback_manager=DiskcacheManager(SlowCache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="step"), html.Div(id="out")])

    @app.callback(
        Output("out", "children"),
        Input("run", "n_clicks"),
        background=True,
        progress=[Output("step", "children")],
    )
    def job(set_progress: Any, n_clicks: int) -> None:
        for step in ("first step", "second step"):
            set_progress([step])
            report.send(step)
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
        if not reported.poll(10):
            raise RuntimeError("the job did not start")
        reported.recv()
        SlowCache.slow = True
        polls = [send(http, None, **handles).json]
        if SlowCache.slow:  # no such look-up: the step is taken out in one go
            next_step()
        polls += [send(http, None, **handles).json for _ in range(2)]
        for process in multiprocess.active_children():
            process.kill()
            process.join(10)
    print("expected: a poll brings the second step while the job works on it")
    print(f"seen: {polls}")
    return 0 if "second step" in str(polls) else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
    finally:
        for process in multiprocess.active_children():
            process.kill()
