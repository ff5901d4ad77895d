"""Dash: one user sees the progress of another."""

import tempfile
from typing import Any

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, ctx, html

from deviations.common.dash_page import Callback, Page
from deviations.common.jobs import kill_jobs
from deviations.common.waiting import Gate

gate = Gate()  # it stays closed


def program(folder: str) -> Dash:
    """Return an app whose job reports a text of one user alone, and waits."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="step"), html.Div(id="out")])

    @app.callback(
        Output("out", "children"),
        Input("run", "n_clicks"),
        background=True,
        progress=Output("step", "children"),
    )
    def job(set_progress: Any, n_clicks: int) -> None:
        if ctx.cookies["user"] == "first":
            set_progress("reading the letters of the first user")
        gate.wait()

    return app


def deviates() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        app = program(folder)
        for user in ("first", "second"):
            callback = Callback(Page(app, user=user))
            handles = callback.start()
            gate.reached()
        poll = callback.poll(handles)
        kill_jobs()
    print(
        "expected: the poll of the second user brings no progress, as their job has reported none"
    )
    print(f"seen: {poll.status_code} {poll.text!r}")
    return "first user" in poll.text
