"""Dash: with Celery, a page whose result was lost asks for ever.

Exit: 1 it is still so, 0 it is gone, 2 undecided.
"""

from __future__ import annotations

import logging
import sys
import threading
from typing import Any

try:
    from celery import Celery
    from celery.backends.cache import _DUMMY_CLIENT_CACHE as KEPT
    from celery.contrib.testing.worker import start_worker
    from celery.signals import task_postrun
    from dash import CeleryManager, Dash, Input, Output, html
except ImportError as missing:
    print(f"undecided: {missing}")
    sys.exit(2)

POLLS = 20
over = threading.Event()
celery_app = Celery(__name__, broker="memory://", backend="cache+memory://")
celery_app.conf.broker_transport_options = {"polling_interval": 0.01}


@task_postrun.connect
def is_over(**_: object) -> None:
    """The outcome of a task is stored."""
    over.set()


def serve() -> Any:
    """Return an HTTP client of an app whose job returns at once."""
    app = Dash(background_callback_manager=CeleryManager(celery_app))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])

    @app.callback(Output("out", "children"), Input("run", "n_clicks"), background=True)
    def job(n_clicks: int) -> str:
        return "done"

    return app.server.test_client()


def send(http: Any, clicks: int | None, **handles: str) -> Any:
    """Send what the renderer sends: a trigger, or, with handles, a poll."""
    body = {
        "output": "out.children",
        "outputs": {"id": "out", "property": "children"},
        "inputs": [{"id": "run", "property": "n_clicks", "value": clicks}],
        "changedPropIds": ["run.n_clicks"],
    }
    return http.post("/_dash-update-component", json=body, query_string=handles)


def main() -> int:
    http = serve()
    with start_worker(celery_app, perform_ping_check=False):
        started = send(http, 1).json
        handles = {"cacheKey": started["cacheKey"], "job": started["job"]}
        if not over.wait(10):
            raise RuntimeError("the job did not end")
        KEPT.clear()  # as a result backend that is emptied, or starts anew
        answers = [send(http, None, **handles) for _ in range(POLLS)]
    # The renderer polls on after a 200 without a response.
    goes_on = all(one.status_code == 200 and "response" not in one.json for one in answers)
    print("expected: a poll for a job that has ended, and whose result is lost, ends the polling")
    print(f"seen: {POLLS} polls, the last is answered with {answers[-1].status_code}", end=" ")
    print(answers[-1].text)
    return 1 if goes_on else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        logging.exception("undecided")
        sys.exit(2)
