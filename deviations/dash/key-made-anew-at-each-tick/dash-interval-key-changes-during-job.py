"""Dash: a job is stopped and started anew when a value of `cache_by` changes while it runs."""

import diskcache
import multiprocess
from dash import Dash, html
from dash.dependencies import Input, Output
from dash.long_callback import DiskcacheLongCallbackManager

from deviations.common.long_callback import long_callback_page
from deviations.common.waiting import Gate

gate = Gate()  # it stays closed
versions = [1]


def program(folder: str) -> Dash:
    """Return an app that caches by the last of some versions, and whose jobs wait."""
    cache = diskcache.Cache(folder)
    app = Dash(
        long_callback_manager=DiskcacheLongCallbackManager(cache, cache_by=[lambda: versions[-1]])
    )
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])

    @app.long_callback(
        Output("out", "children"), Input("run", "n_clicks"), prevent_initial_call=True
    )
    def job(n_clicks: int) -> None:
        gate.wait()

    return app


def deviates() -> bool:
    with long_callback_page(program) as page:
        page.change("run.n_clicks", 1)
        [job] = multiprocess.active_children()
        versions.append(2)
        page.tick()
        others = set(multiprocess.active_children()) - {job}
    print("expected: no other job is started, and this job's result is shown when it has ended")
    print(f"seen: after one tick of the timer {len(others)} others")
    return bool(others)
