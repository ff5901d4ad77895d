"""Dash: with Celery, what a job sets once is set again at each poll.

Exit: 1 it is still so, 0 it is gone, 2 undecided.
"""

from __future__ import annotations

import logging
import sys
import threading
from typing import Any

try:
    from celery import Celery
    from celery.contrib.testing.worker import start_worker
    from dash import CeleryManager, Dash, Input, Output, html, set_props
except ImportError as missing:
    print(f"undecided: {missing}")
    sys.exit(2)

there, gate = threading.Event(), threading.Event()
celery_app = Celery(__name__, broker="memory://", backend="cache+memory://")
celery_app.conf.broker_transport_options = {"polling_interval": 0.01}


def serve() -> Any:
    """Return an HTTP client of an app whose job sets a property, and waits."""
    app = Dash(background_callback_manager=CeleryManager(celery_app))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="note"), html.Div(id="out")])

    @app.callback(Output("out", "children"), Input("run", "n_clicks"), background=True)
    def job(n_clicks: int) -> str:
        set_props("note", {"children": "half"})
        there.set()
        gate.wait(20)
        return "done"

    return app.server.test_client()


def send(http: Any, output: str, changed: str, **handles: str) -> Any:
    """Send what the renderer sends: a trigger, or, with handles, a poll or a cancel."""
    id, property = output.split(".")
    input_id, input_property = changed.split(".")
    body = {
        "output": output,
        "outputs": {"id": id, "property": property},
        "inputs": [{"id": input_id, "property": input_property, "value": 1}],
        "changedPropIds": [changed],
    }
    return http.post("/_dash-update-component", json=body, query_string=handles)


def main() -> int:
    http = serve()
    with start_worker(celery_app, perform_ping_check=False):
        started = send(http, "out.children", "run.n_clicks").json
        handles = {"cacheKey": started["cacheKey"], "job": started["job"]}
        if not there.wait(10):
            raise RuntimeError("the job did not start")
        polls = [send(http, "out.children", "run.n_clicks", **handles).json for _ in range(2)]
        gate.set()
    first, second = (poll.get("sideUpdate") for poll in polls)
    if not first:
        raise RuntimeError(f"the first poll does not bring what the job has set: {polls}")
    print("expected: the first poll brings what the job has set, the second nothing")
    print(f"seen: {first}, {second}")
    return 1 if second else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
