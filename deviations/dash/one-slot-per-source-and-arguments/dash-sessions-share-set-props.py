"""Dash: one user sees what the job of another sets by `set_props`."""

import multiprocessing
import tempfile

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, html, set_props

from deviations.common.dash_page import Callback, Page
from deviations.common.jobs import kill_jobs
from deviations.common.waiting import Gate

gate = Gate()  # it stays closed
first = multiprocessing.Lock()


def program(folder: str) -> Dash:
    """Return an app whose job sets a note for one user alone, and waits."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="note"), html.Div(id="out")])

    @app.callback(Output("out", "children"), Input("run", "n_clicks"), background=True)
    def job(n_clicks: int) -> None:
        if first.acquire(block=False):  # the job of the user who clicks first
            set_props("note", {"children": "reading the letters of the first user"})
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
    print("expected: the poll of the second user brings no note, as their job has set none")
    print(f"seen: {poll.status_code} {poll.text!r}")
    return "first user" in poll.text
