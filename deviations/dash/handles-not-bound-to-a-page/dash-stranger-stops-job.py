"""Dash: a page stops the job of another user, whose process number it knows."""

import tempfile

import diskcache
import multiprocess
from dash import Dash, DiskcacheManager, Input, Output, html

from deviations.common.dash_page import Callback, Page
from deviations.common.jobs import is_alive, kill_jobs
from deviations.common.waiting import Gate

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
        [job] = multiprocess.active_children()
        bob.start(2, oldJob=handles["job"])
        alive = is_alive(job)
        kill_jobs()
    print("expected: the job of Alice goes on when Bob names it as an older one of his")
    print(f"seen: it {'goes on' if alive else 'was stopped'}")
    return not alive
