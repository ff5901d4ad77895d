"""Dash: a cancel Input that two managers share reaches one of them only.

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


class Pool(DiskcacheManager):
    """A manager that, as a job queue does, ends its own jobs only."""

    def __init__(self, folder: str) -> None:
        self.jobs: set[str] = set()
        super().__init__(diskcache.Cache(folder))

    def call_job_fn(self, *args: Any) -> Any:
        job = super().call_job_fn(*args)
        self.jobs.add(str(job))
        return job

    def terminate_job(self, job: Any) -> None:
        if str(job) in self.jobs:
            super().terminate_job(job)


def serve(folder: str) -> Any:
    """Return an HTTP client of an app with two managers and one cancel button."""
    app = Dash()
    app.layout = html.Div([html.Button(id=name) for name in ("fast", "slow", "cancel")])

    def connect(side: str) -> None:
        @app.callback(
            Output(side, "title"),
            Input(side, "n_clicks"),
            background=True,
            manager=Pool(f"{folder}/{side}"),
            cancel=Input("cancel", "n_clicks"),
        )
        def job(n_clicks: int) -> None:
            gate.recv()

    connect("fast")
    connect("slow")
    return app.server.test_client()


def send(http: Any, component: str, output: str, **handles: str) -> Any:
    """Send what the renderer sends when a button is clicked."""
    body = {
        "output": f"{component}.{output}",
        "outputs": {"id": component, "property": output},
        "inputs": [{"id": component, "property": "n_clicks", "value": 1}],
        "changedPropIds": [f"{component}.n_clicks"],
    }
    return http.post("/_dash-update-component", json=body, query_string=handles)


def survives_cancel(http: Any, side: str) -> bool:
    """Start a job, cancel it, and tell whether it is still alive after the answer."""
    job = send(http, side, "title").json["job"]
    send(http, "cancel", "id", cancelJob=job)
    process = next(
        p for p in multiprocess.active_children() if str(job).split("~")[0] == str(p.pid)
    )
    alive = not wait([process.sentinel], timeout=0.5)  # it is ready when the process is dead
    process.kill()
    process.join(10)
    return alive


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        http = serve(folder)
        http.get("/")  # the first page sets the cancel callbacks up
        seen = {side: survives_cancel(http, side) for side in ("fast", "slow")}
    print("expected: the cancel button ends the job of either manager")
    for side, survived in seen.items():
        print(f"seen: the job of the {side} manager is {'alive' if survived else 'dead'}")
    return 1 if any(seen.values()) else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
    finally:
        for process in multiprocess.active_children():
            process.kill()
