"""Dash Labs: a restart of the server runs the job again."""

import multiprocessing
import tempfile
from typing import Any

import dash_html_components as html
import dash_labs as dl
from dash_labs.util import _reset_uuid_random_seed

from deviations.common.labs import labs_app, labs_manager, labs_page
from deviations.common.waiting import Gate

gate = Gate()  # it stays closed


def program(folder: str) -> Any:
    """Return an app whose job waits, with the ids that it has in another process of the server."""
    _reset_uuid_random_seed()
    app = labs_app(labs_manager(folder))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])

    @app.long_callback(output=dl.Output("out", "children"), args=dl.Input("run", "n_clicks"))
    def job(n_clicks: int) -> None:
        gate.wait()

    return app


def deviates() -> bool:
    with tempfile.TemporaryDirectory() as folder, labs_page(lambda _: program(folder)) as page:
        page.change("run.n_clicks", 1)
        page.http = program(folder).server.test_client()  # the server is started anew
        page.tick()
        jobs = len(multiprocessing.active_children())
    print("expected: one job")
    print(f"seen: {jobs}")
    return jobs != 1
