"""Dash Labs: a job keeps the port of its server open after the server has closed it."""

from typing import Any

import dash_html_components as html
import dash_labs as dl

from deviations.common.labs import labs_app, labs_manager, labs_page
from deviations.common.ports import job_holds_port
from deviations.common.waiting import Gate

GATE = Gate()


def program(folder: str) -> Any:
    """Return an app whose job waits in the gate."""
    app = labs_app(labs_manager(folder))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])

    @app.long_callback(output=dl.Output("out", "children"), args=dl.Input("run", "n_clicks"))
    def job(n_clicks: int) -> str:
        GATE.wait()
        return "done"

    return app


def deviates() -> bool:
    with labs_page(program) as page:
        return job_holds_port(lambda: page.change("run.n_clicks", 1), GATE)
