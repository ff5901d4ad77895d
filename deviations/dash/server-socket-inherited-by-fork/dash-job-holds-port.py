"""Dash: a job keeps the port of its server open after the server has closed it."""

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, html

from deviations.common.dash_page import callback_of
from deviations.common.ports import job_holds_port
from deviations.common.waiting import Gate

GATE = Gate()


def program(folder: str) -> Dash:
    """Return an app whose job waits in the gate."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])

    @app.callback(Output("out", "children"), Input("run", "n_clicks"), background=True)
    def job(n_clicks: int) -> str:
        GATE.wait()
        return "done"

    return app


def deviates() -> bool:
    with callback_of(program) as callback:
        return job_holds_port(callback.start, GATE)
