"""Dash Labs: what a cancelled job has started goes on."""

import multiprocessing
import subprocess
from typing import Any

import dash_html_components as html
import dash_labs as dl

from deviations.common.labs import labs_app, labs_manager, labs_page
from deviations.common.outcome import Undecided
from deviations.common.waiting import Notes, ends_soon

children = Notes()


def program(folder: str) -> Any:
    """Return an app whose job starts a program."""
    app = labs_app(labs_manager(folder))
    app.layout = html.Div([html.Button(id="run"), html.Button(id="cancel"), html.Div(id="out")])

    @app.long_callback(
        output=dl.Output("out", "children"),
        args=dl.Input("run", "n_clicks"),
        cancel=[dl.Input("cancel", "n_clicks")],
    )
    def job(n_clicks: int) -> None:
        child = subprocess.Popen(["sleep", "60"])
        children.write(child.pid)
        child.wait()

    return app


def deviates() -> bool:
    with labs_page(program) as page:
        page.change("run.n_clicks", 1)
        [job] = multiprocessing.active_children()
        child = children.read()
        page.change("cancel.n_clicks", 1)
        job.join(10)
    is_stopped = ends_soon(child)
    if job.exitcode is None:
        raise Undecided("the process of the job itself goes on")
    print("expected: the job and its child are stopped")
    print(f"seen: the job is stopped, its child {'too' if is_stopped else 'goes on'}")
    return not is_stopped
