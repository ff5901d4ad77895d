"""Dash: `no_update` of a long callback stays in the cache, and its job is not run again."""

from typing import Any

import diskcache
import multiprocess
from dash import Dash, dcc, html, no_update
from dash.dependencies import Input, Output
from dash.long_callback import DiskcacheLongCallbackManager

from deviations.common.jobs import jobs_end
from deviations.common.long_callback import long_callback_page
from deviations.common.waiting import Gate

gate = Gate()


def program(folder: str) -> Dash:
    """Return an app that caches; its jobs wait in the gate and have no update."""
    manager = DiskcacheLongCallbackManager(diskcache.Cache(folder), cache_by=[lambda: 1])
    app = Dash(long_callback_manager=manager)
    app.layout = html.Div([dcc.Store(id="value"), html.Div(id="out")])

    @app.long_callback(Output("out", "children"), Input("value", "data"), prevent_initial_call=True)
    def job(value: int) -> Any:
        gate.wait()
        return no_update

    return app


def deviates() -> bool:
    with long_callback_page(program) as page:
        gate.open()
        page.change("value.data", 1)
        jobs_end()
        page.tick()
        page.another().change("value.data", 1)
        jobs = len(multiprocess.active_children())
    print("expected: the trigger of the second page starts a job")
    print(f"seen: it starts {jobs}")
    return jobs == 0
