"""Dash: with Celery, the child processes of a cancelled job live on.

Exit: 1 it is still so, 0 it is gone, 2 undecided.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
from typing import Any

try:
    import multiprocess
    import psutil
    from celery import Celery
    from celery.contrib.testing.worker import start_worker
    from dash import CeleryManager, Dash, Input, Output, html
except ImportError as missing:
    print(f"undecided: {missing}")
    sys.exit(2)

there, here = multiprocess.Pipe(duplex=False)
celery_app = Celery(__name__, broker="memory://", backend="cache+memory://")
celery_app.conf.broker_transport_options = {"polling_interval": 0.01}
celery_app.conf.worker_hijack_root_logger = False


def serve() -> Any:
    """Return an HTTP client of an app whose jobs tell which processes they have, and wait."""
    app = Dash(background_callback_manager=CeleryManager(celery_app))
    ids = ("plain", "parent", "cancel")
    parts = [*(html.Button(id=id) for id in ids), html.Div(id="out"), html.Div(id="other")]
    app.layout = html.Div(parts)
    options = {"background": True, "cancel": [Input("cancel", "n_clicks")]}

    @app.callback(Output("out", "children"), Input("plain", "n_clicks"), **options)
    def plain(n_clicks: int) -> None:
        here.send(os.getpid())
        signal.pause()

    @app.callback(Output("other", "children"), Input("parent", "n_clicks"), **options)
    def parent(n_clicks: int) -> None:
        here.send(subprocess.Popen(["sleep", "60"]).pid)
        signal.pause()

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


def ends_when_cancelled(http: Any, output: str, trigger: str) -> bool:
    """Start a job, cancel it, and tell whether the process that it tells of ends within five seconds."""
    started = send(http, output, trigger).json
    if not there.poll(10):
        raise RuntimeError("the job did not start")
    process = psutil.Process(there.recv())
    send(http, "cancel.id", "cancel.n_clicks", cancelJob=started["job"])
    try:
        process.wait(5)  # it takes a hundredth of a second
    except psutil.TimeoutExpired:
        process.kill()
        return False
    return True


def main() -> int:
    http = serve()
    http.get("/")  # the first page sets the cancel callback up
    worker = start_worker(celery_app, pool="prefork", concurrency=2, perform_ping_check=False)
    worker.__enter__()  # it is left by the end of this process
    plain = ends_when_cancelled(http, "out.children", "plain.n_clicks")
    other = ends_when_cancelled(http, "other.children", "parent.n_clicks")
    if not plain:
        raise RuntimeError("a plain job does not end when it is cancelled")
    print("expected: the program that a job has started ends when the job is cancelled")
    print(f"seen: {'it has ended' if other else 'it lives on'}")
    return 0 if other else 1


if __name__ == "__main__":
    status = 2
    try:
        status = main()
    except Exception:
        logging.exception("undecided")
    finally:
        for process in psutil.Process().children(recursive=True):
            process.kill()
    sys.stdout.flush()
    os._exit(status)  # the worker's threads wait for the processes of its pool
