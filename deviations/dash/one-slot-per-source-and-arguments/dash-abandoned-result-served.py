"""Dash: the result of an abandoned run is served to the next user."""

import multiprocessing

import diskcache
import multiprocess
from dash import Dash, DiskcacheManager, Input, Output, html

from deviations.common.dash_page import callback_of
from deviations.common.jobs import is_alive
from deviations.common.waiting import Gate

gate = Gate()  # it stays closed
first = multiprocessing.Lock()


def program(folder: str) -> Dash:
    """Return an app whose first job returns a price, and whose second waits."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])

    @app.callback(Output("out", "children"), Input("run", "n_clicks"), background=True)
    def job(n_clicks: int) -> str:
        if not first.acquire(block=False):
            gate.wait()
        return "the price is 10"

    return app


def deviates() -> bool:
    with callback_of(program) as callback:
        callback.run()  # the page is closed before its first poll
        poll = callback.poll(callback.start())
        (job,) = multiprocess.active_children()
        state = "alive" if is_alive(job) else "dead"
    print("expected: the second job is still at work, and its page polls on")
    print(f"seen: its first poll brings {poll.text!r}, its process is {state}")
    return "the price is 10" in poll.text
