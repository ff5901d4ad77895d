"""Dash: two users of a long callback with equal arguments share its result."""

import multiprocessing
import os

import diskcache
import multiprocess
from dash import Dash, html
from dash.dependencies import Input, Output
from dash.long_callback import DiskcacheLongCallbackManager

from deviations.common.jobs import jobs_end
from deviations.common.long_callback import long_callback_page
from deviations.common.waiting import Gate

first_gate, second_gate = Gate(), Gate()


def program(folder: str) -> Dash:
    """Return an app whose job waits, and returns the number of its process."""
    app = Dash(long_callback_manager=DiskcacheLongCallbackManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])
    first = multiprocessing.Lock()

    @app.long_callback(
        Output("out", "children"), Input("run", "n_clicks"), prevent_initial_call=True
    )
    def job(n_clicks: int) -> str:
        gate = first_gate if first.acquire(block=False) else second_gate
        gate.wait()
        return str(os.getpid())

    return app


def deviates() -> bool:
    with long_callback_page(program) as page:
        page.change("run.n_clicks", 1)
        first = first_gate.reached()
        [job] = multiprocess.active_children()
        page.another().change("run.n_clicks", 1)
        second = second_gate.reached()
        first_gate.open()
        job.join(10)
        second_gate.open()
        jobs_end()
        page.tick()
    out = page.values.get("out.children")
    print(f"expected: out.children is {first}, the result of the page's own job")
    print(f"seen: {out}; the other page's job is {second}")
    return out != str(first)
