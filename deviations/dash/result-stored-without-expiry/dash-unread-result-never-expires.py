"""Dash: a cached result that no page has fetched never expires."""

import multiprocessing
import time

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, html

from deviations.common.dash_page import callback_of
from deviations.common.waiting import Gate

gate = Gate()  # it stays closed
first = multiprocessing.Lock()
EXPIRE_SECONDS = 1


def program(folder: str) -> Dash:
    """Return an app that caches for a second: its first job ends, its second waits."""
    cache = diskcache.Cache(folder)
    manager = DiskcacheManager(cache, cache_by=[lambda: "version 1"], expire=EXPIRE_SECONDS)
    app = Dash(background_callback_manager=manager)
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])

    @app.callback(Output("out", "children"), Input("run", "n_clicks"), background=True)
    def job(n_clicks: int) -> str:
        if not first.acquire(block=False):
            gate.wait()
        return "the old result"

    return app


def deviates() -> bool:
    with callback_of(program) as callback:
        callback.run()  # its page is closed before it polls
        time.sleep(EXPIRE_SECONDS + 1)  # time is the subject
        poll = callback.poll(callback.start())
    print(
        f"expected: after {EXPIRE_SECONDS + 1} s the result has expired, and the second job works"
    )
    print(f"seen: its first poll brings {poll.text!r}")
    return "the old result" in poll.text
