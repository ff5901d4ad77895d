"""Dash Labs: a job runs again and again where answers take longer than the interval."""

from typing import Any

import dash_html_components as html
import dash_labs as dl

from deviations.common.labs import labs_app, labs_manager
from deviations.common.slow_answers import answer_slowly, runs_again
from deviations.common.waiting import Notes

executions = Notes()


def program(folder: str) -> Any:
    """Return an app with two callbacks, whose intervals are longer and shorter than its answers take."""
    app = labs_app(labs_manager(folder))
    app.layout = html.Div(
        [html.Button(id=f"run-{ms}") for ms in (1000, 100)]
        + [html.Div(id=f"out-{ms}") for ms in (1000, 100)]
    )
    for ms in (1000, 100):

        @app.long_callback(
            output=dl.Output(f"out-{ms}", "children"),
            args=dl.Input(f"run-{ms}", "n_clicks"),
            interval=ms,
        )
        def job(n_clicks: int) -> str:
            executions.write("executed")
            return "done"

    app.server.after_request(answer_slowly)
    return app


def deviates() -> bool:
    return runs_again(program, executions)
