"""Dash: one page has 41 job processes at once."""

import diskcache
import multiprocess
from dash import Dash, DiskcacheManager, Input, Output, html

from deviations.common.dash_page import callback_of
from deviations.common.waiting import Gate

gate = Gate()  # it stays closed


def program(folder: str) -> Dash:
    """Return an app whose job waits."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Button(id="cancel"), html.Div(id="out")])

    @app.callback(
        Output("out", "children"),
        Input("run", "n_clicks"),
        cancel=[Input("cancel", "n_clicks")],
        background=True,
    )
    def job(n_clicks: int) -> str:
        gate.wait()
        return "done"

    return app


def deviates() -> bool:
    with callback_of(program) as callback:
        answers = [callback.send(value).status_code for value in range(41)]
        for _ in range(answers.count(200)):
            gate.reached()
        running = len(multiprocess.active_children())
    print("expected: at some number of jobs, a page may start no more")
    print(f"seen: {running} jobs of one page run at once")
    return running > 40
