"""Dash: a cancel before the first answer has come is lost."""

import threading
from typing import Any

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, html
from flask import Response, request

from deviations.common.browser import appears, browse
from deviations.common.outcome import Undecided
from deviations.common.waiting import Gate

gate = Gate()
cancelled, polled = threading.Event(), threading.Semaphore(0)


class SlowManager(DiskcacheManager):
    """A manager that answers a start only after the cancel request has been answered."""

    def call_job_fn(self, *args: Any) -> Any:
        job = super().call_job_fn(*args)
        cancelled.wait(10)
        return job


def program(folder: str) -> Dash:
    """Return an app whose job waits at the gate."""
    app = Dash(background_callback_manager=SlowManager(diskcache.Cache(folder)))
    buttons = [html.Button(button, id=button) for button in ("run", "cancel")]
    app.layout = html.Div([*buttons, html.Div(id="out")])

    @app.callback(
        Output("out", "children"),
        Input("run", "n_clicks"),
        background=True,
        prevent_initial_call=True,
        cancel=Input("cancel", "n_clicks"),
        interval=100,
    )
    def job(n_clicks: int) -> str:
        gate.wait()
        return "done"

    @app.server.after_request
    def note(response: Response) -> Response:
        if "cancel.id" in (request.get_json(silent=True) or {}).get("output", ""):
            cancelled.set()
        if "cacheKey" in request.args:
            polled.release()
        return response

    return app


def deviates() -> bool:
    with browse(program) as page:
        with page.expect_request("**/_dash-update-component*"):
            page.click("#run")
        page.click("#cancel")
        for _ in range(2):
            polled.acquire(timeout=3)  # a page whose job was cancelled may poll no more
        gate.open()
        lost = appears(page, "#out:text('done')", 3000)  # 30 polls' time
    if not cancelled.is_set():
        raise Undecided("the cancel request did not arrive")
    print("expected: the job is cancelled, out stays empty")
    print(f"seen: out {'shows the result' if lost else 'stays empty'}")
    return lost
