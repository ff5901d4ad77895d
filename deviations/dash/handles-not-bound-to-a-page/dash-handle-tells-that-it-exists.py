"""Dash: a poll tells whether a process number is that of a running job."""

import tempfile

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, html

from deviations.common.dash_page import Callback, Page
from deviations.common.jobs import kill_jobs
from deviations.common.waiting import Gate

NOBODY = "999999999"  # no process can have this number

gate = Gate()  # it stays closed


def program(folder: str) -> Dash:
    """Return an app whose job waits."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Button(id="cancel"), html.Div(id="out")])

    @app.callback(
        Output("out", "children"),
        Input("run", "n_clicks"),
        cancel=[Input("cancel", "n_clicks")],
        background=True,
    )
    def job(n_clicks: int) -> str:
        gate.wait()
        return "done"

    return app


def deviates() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        app = program(folder)
        alice, bob = Callback(Page(app)), Callback(Page(app))
        handles = alice.start()
        gate.reached()
        right = bob.poll(handles)
        wrong = bob.poll({**handles, "job": NOBODY})
        kill_jobs()
    print(
        "expected: Bob's polls are answered alike, whether he has guessed the handle of a job or not"
    )
    print(f"seen: {right.status_code} for the job of Alice, {wrong.status_code} for no job")
    return right.status_code != wrong.status_code
