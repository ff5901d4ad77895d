"""Dash: a change of the state restarts the job of a long callback."""

import diskcache
import multiprocess
from dash import Dash, dcc, html
from dash.dependencies import Input, Output, State
from dash.long_callback import DiskcacheLongCallbackManager

from deviations.common.long_callback import long_callback_page
from deviations.common.waiting import Gate

gate = Gate()  # it stays closed


def program(folder: str) -> Dash:
    """Return an app whose job has a state, and waits."""
    app = Dash(long_callback_manager=DiskcacheLongCallbackManager(diskcache.Cache(folder)))
    field = dcc.Input(id="name", value="Ada")
    app.layout = html.Div([html.Button(id="run"), field, html.Div(id="out")])

    @app.long_callback(
        Output("out", "children"),
        Input("run", "n_clicks"),
        State("name", "value"),
        prevent_initial_call=True,
    )
    def job(n_clicks: int, name: str) -> None:
        gate.wait()

    return app


def deviates() -> bool:
    with long_callback_page(program) as page:
        page.change("run.n_clicks", 1)
        [job] = multiprocess.active_children()
        page.values["name.value"] = "Grace"
        page.tick()
        is_same = multiprocess.active_children() == [job]
    print("expected: the same job runs")
    print(f"seen: {'the same job' if is_same else 'another job'}")
    return not is_same
