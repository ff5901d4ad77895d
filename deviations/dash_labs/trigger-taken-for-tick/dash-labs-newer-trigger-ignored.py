"""Dash Labs: a trigger while a job runs is ignored."""

import multiprocessing
from typing import Any

import dash_html_components as html
import dash_labs as dl

from deviations.common.labs import labs_app, labs_jobs_end, labs_manager, labs_page
from deviations.common.waiting import Gate

gate = Gate()


def program(folder: str) -> Any:
    """Return an app whose job waits."""
    app = labs_app(labs_manager(folder))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])

    @app.long_callback(output=dl.Output("out", "children"), args=dl.Input("run", "n_clicks"))
    def job(n_clicks: int) -> str:
        gate.wait()
        return f"run {n_clicks}"

    return app


def deviates() -> bool:
    with labs_page(program) as page:
        page.change("run.n_clicks", 1)
        page.change("run.n_clicks", 2)
        for _ in multiprocessing.active_children():
            gate.open()
        labs_jobs_end()
        out = page.tick().get("out.children")
    print("expected: out.children is run 2")
    print(f"seen: {out}")
    return bool(out != "run 2")
