"""Dash: a cached result of a long callback that no page has fetched never expires."""

import time

import diskcache
from dash import Dash, html
from dash.dependencies import Input, Output
from dash.long_callback import DiskcacheLongCallbackManager

from deviations.common.jobs import jobs_end
from deviations.common.long_callback import long_callback_page
from deviations.common.waiting import Gate

EXPIRE_SECONDS = 1
gate = Gate()


def program(folder: str) -> Dash:
    """Return an app whose results expire; its jobs wait in the gate."""
    app = Dash(
        long_callback_manager=DiskcacheLongCallbackManager(
            diskcache.Cache(folder), cache_by=[lambda: 1], expire=EXPIRE_SECONDS
        )
    )
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])

    @app.long_callback(
        Output("out", "children"), Input("run", "n_clicks"), prevent_initial_call=True
    )
    def job(n_clicks: int) -> str:
        gate.wait()
        return "done"

    return app


def deviates() -> bool:
    with long_callback_page(program) as page:
        gate.open()
        page.change("run.n_clicks", 1)  # the page is closed before its timer ticks
        jobs_end()
        time.sleep(EXPIRE_SECONDS + 1)  # time is the subject
        out = page.another().change("run.n_clicks", 1).get("out.children")
    print(f"expected: after {EXPIRE_SECONDS + 1} s the result has expired, and a second job runs")
    print(f"seen: the second page shows {out}")
    return out == "done"
