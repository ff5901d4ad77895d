"""Dash: `running` goes off while the newer of two jobs still runs."""

import threading
from typing import Any

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, html
from flask import Response, request

from deviations.common.browser import appears, browse
from deviations.common.waiting import Gate

gates = {clicks: Gate() for clicks in (1, 2)}
answered = threading.Event()


class SlowManager(DiskcacheManager):
    """A manager that answers the first start only after the second has been answered."""

    starts = 0

    def call_job_fn(self, *args: Any) -> Any:
        job = super().call_job_fn(*args)
        self.starts += 1
        if self.starts == 1:
            answered.wait(10)
        return job


def program(folder: str) -> Dash:
    """Return an app whose jobs wait, each at its own gate."""
    app = Dash(background_callback_manager=SlowManager(diskcache.Cache(folder)))
    parts = [html.Button("Run", id="run"), html.Div("new", id="status"), html.Div(id="out")]
    app.layout = html.Div(parts)

    @app.callback(
        Output("out", "children"),
        Input("run", "n_clicks"),
        background=True,
        prevent_initial_call=True,
        running=[(Output("status", "children"), "at work", "idle")],
        interval=100,
    )
    def job(n_clicks: int) -> str:
        gates[n_clicks].wait()
        return f"result {n_clicks}"

    @app.server.after_request
    def note(response: Response) -> Response:
        inputs = (request.get_json(silent=True) or {}).get("inputs")
        if inputs and inputs[0].get("value") == 2:
            answered.set()
        return response

    return app


def deviates() -> bool:
    with browse(program) as page:
        for _ in range(2):
            with page.expect_request("**/_dash-update-component*"):
                page.click("#run")
        gates[1].open()
        is_idle = appears(page, "#status:text('idle')", 3000)  # 30 polls' time
        out = page.inner_text("#out")
    print("expected: the status is 'at work', as the second job is at its gate")
    print(f"seen: the status is {'idle' if is_idle else 'at work'!r}, out is {out!r}")
    return is_idle
