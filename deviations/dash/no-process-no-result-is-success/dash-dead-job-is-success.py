"""Dash: a killed job passes for a finished one.

Exit: 1 it is still so, 0 it is gone, 2 undecided.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import tempfile
from typing import Any

try:
    import diskcache
    import multiprocess
    from dash import Dash, DiskcacheManager, Input, Output, dcc, html
except ImportError as missing:
    print(f"undecided: {missing}")
    sys.exit(2)


def serve(folder: str) -> Any:
    """Return an HTTP client of an app whose job dies in the way that is asked for."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([dcc.Input(id="death"), html.Div(id="out")])

    @app.callback(Output("out", "children"), Input("death", "value"), background=True)
    def job(death: str) -> str:
        if death == "SIGKILL":
            os.kill(os.getpid(), signal.SIGKILL)
        os._exit(3)

    return app.server.test_client()


def send(http: Any, death: str | None, **handles: str) -> Any:
    """Send what the renderer sends: a trigger, or, with `cacheKey` and `job`, a poll."""
    body = {
        "output": "out.children",
        "outputs": {"id": "out", "property": "children"},
        "inputs": [{"id": "death", "property": "value", "value": death}],
        "changedPropIds": ["death.value"],
    }
    return http.post("/_dash-update-component", json=body, query_string=handles)


def run(http: Any, death: str) -> dict[str, str]:
    """Start a job, wait until its process has ended, and return its handles."""
    answer = send(http, death).json
    for process in multiprocess.active_children():
        process.join(10)
    return {"cacheKey": answer["cacheKey"], "job": answer["job"]}


def main() -> int:
    deaths = ("SIGKILL", "os._exit(3)")
    with tempfile.TemporaryDirectory() as folder:
        http = serve(folder)
        answers = {death: send(http, None, **run(http, death)) for death in deaths}
    print("expected: an error status, as for a job that raises")
    for death, answer in answers.items():
        print(f"seen: after {death} the poll brings {answer.status}")
    return 0 if all(answer.status_code >= 400 for answer in answers.values()) else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
