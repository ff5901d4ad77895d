"""Dash: the progress of an older run is shown while the newer one runs."""

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
    """Return an app whose jobs report progress at their own gates, and wait there again."""
    app = Dash(background_callback_manager=SlowManager(diskcache.Cache(folder)))
    parts = [html.Button("Run", id="run"), html.Div("new", id="step"), html.Div(id="out")]
    app.layout = html.Div(parts)

    @app.callback(
        Output("out", "children"),
        Input("run", "n_clicks"),
        background=True,
        prevent_initial_call=True,
        progress=Output("step", "children"),
        interval=100,
    )
    def job(set_progress: Any, n_clicks: int) -> None:
        for _ in range(2):
            gates[n_clicks].wait()
            set_progress(f"step of run {n_clicks}")

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
        gates[2].open()
        page.wait_for_selector("#step:text('step of run 2')")
        gates[1].open()
        older = appears(page, "#step:text('step of run 1')", 3000)  # 30 polls' time
    print("expected: the step is that of run 2, as it is the newer one and still runs")
    print(f"seen: the step is that of run {1 if older else 2}")
    return older
