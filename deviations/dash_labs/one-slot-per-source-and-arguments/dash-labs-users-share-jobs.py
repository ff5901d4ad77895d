"""Dash Labs: two users with equal arguments share one job."""

import multiprocessing
from typing import Any

import dash_html_components as html
import dash_labs as dl

from deviations.common.labs import labs_app, labs_manager, labs_page
from deviations.common.waiting import Gate

gate = Gate()  # it stays closed


def program(folder: str) -> Any:
    """Return an app whose job waits."""
    app = labs_app(labs_manager(folder))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])

    @app.long_callback(output=dl.Output("out", "children"), args=dl.Input("run", "n_clicks"))
    def job(n_clicks: int) -> None:
        gate.wait()

    return app


def deviates() -> bool:
    with labs_page(program) as page:
        page.change("run.n_clicks", 1)
        page.another().change("run.n_clicks", 1)
        jobs = len(multiprocessing.active_children())
    print("expected: two jobs, one for each user")
    print(f"seen: {jobs}")
    return jobs != 2
