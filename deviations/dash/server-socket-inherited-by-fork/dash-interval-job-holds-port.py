"""Dash: a long callback's job keeps the port of its server open after the server has closed it."""

import diskcache
from dash import Dash, html
from dash.dependencies import Input, Output
from dash.long_callback import DiskcacheLongCallbackManager

from deviations.common.long_callback import long_callback_page
from deviations.common.ports import job_holds_port
from deviations.common.waiting import Gate

GATE = Gate()


def program(folder: str) -> Dash:
    """Return an app whose job waits in the gate."""
    app = Dash(long_callback_manager=DiskcacheLongCallbackManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])

    @app.long_callback(
        Output("out", "children"), Input("run", "n_clicks"), prevent_initial_call=True
    )
    def job(n_clicks: int) -> str:
        GATE.wait()
        return "done"

    return app


def deviates() -> bool:
    with long_callback_page(program) as page:
        return job_holds_port(lambda: page.change("run.n_clicks", 1), GATE)
