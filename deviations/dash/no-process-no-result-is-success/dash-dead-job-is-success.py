"""Dash: a killed job passes for a finished one."""

import os
import signal

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, dcc, html

from deviations.common.dash_page import callback_of


def program(folder: str) -> Dash:
    """Return an app whose job dies in the way that its Input names."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([dcc.Input(id="death"), html.Div(id="out")])

    @app.callback(Output("out", "children"), Input("death", "value"), background=True)
    def job(death: str) -> None:
        if death == "SIGKILL":
            os.kill(os.getpid(), signal.SIGKILL)
        os._exit(3)

    return app


def deviates() -> bool:
    with callback_of(program, trigger="death.value") as callback:
        answers = {death: callback.result(death) for death in ("SIGKILL", "os._exit(3)")}
    print("expected: an error status, as for a job that raises")
    for death, answer in answers.items():
        print(f"seen: after {death} the poll brings {answer.status}")
    return any(answer.status_code < 400 for answer in answers.values())
