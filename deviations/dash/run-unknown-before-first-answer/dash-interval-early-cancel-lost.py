"""Dash: a cancel before the first answer of a long callback is lost."""

import diskcache
import multiprocess
from dash import Dash, html
from dash.dependencies import Input, Output
from dash.long_callback import DiskcacheLongCallbackManager

from deviations.common.jobs import is_alive
from deviations.common.long_callback import long_callback_page
from deviations.common.waiting import Gate

gate = Gate()  # it stays closed


def program(folder: str) -> Dash:
    """Return an app whose job waits."""
    app = Dash(long_callback_manager=DiskcacheLongCallbackManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Button(id="cancel"), html.Div(id="out")])

    @app.long_callback(
        Output("out", "children"),
        Input("run", "n_clicks"),
        cancel=[Input("cancel", "n_clicks")],
        prevent_initial_call=True,
    )
    def job(n_clicks: int) -> None:
        gate.wait()

    return app


def deviates() -> bool:
    with long_callback_page(program) as page:
        values = dict(page.values)
        page.change("run.n_clicks", 1)
        [job] = multiprocess.active_children()
        page.values = {**values, "run.n_clicks": 1}  # the first answer is still on its way
        page.change("cancel.n_clicks", 1)
        goes_on = is_alive(job)
    print("expected: the job is stopped")
    print(f"seen: it {'goes on' if goes_on else 'is stopped'}")
    return goes_on
