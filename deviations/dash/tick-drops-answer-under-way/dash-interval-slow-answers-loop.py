"""Dash: a job runs again and again where answers take longer than the interval."""

import diskcache
from dash import Dash, html
from dash.dependencies import Input, Output
from dash.long_callback import DiskcacheLongCallbackManager

from deviations.common.slow_answers import answer_slowly, runs_again
from deviations.common.waiting import Notes

executions = Notes()


def program(folder: str) -> Dash:
    """Return an app with two callbacks, whose intervals are longer and shorter than its answers take."""
    app = Dash(long_callback_manager=DiskcacheLongCallbackManager(diskcache.Cache(folder)))
    app.layout = html.Div(
        [html.Button(id=f"run-{ms}") for ms in (1000, 100)]
        + [html.Div(id=f"out-{ms}") for ms in (1000, 100)]
    )
    for ms in (1000, 100):

        @app.long_callback(
            Output(f"out-{ms}", "children"),
            Input(f"run-{ms}", "n_clicks"),
            prevent_initial_call=True,
            interval=ms,
        )
        def job(n_clicks: int) -> str:
            executions.write("executed")
            return "done"

    app.server.after_request(answer_slowly)
    return app


def deviates() -> bool:
    return runs_again(program, executions)
