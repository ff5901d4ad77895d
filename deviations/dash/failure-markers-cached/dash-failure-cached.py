"""Dash: a failure stays in the cache, and each further trigger ends with it."""

import multiprocessing

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, html

from deviations.common.dash_page import callback_of
from deviations.common.outcome import Undecided
from deviations.common.waiting import Gate

gate = Gate()  # it stays closed
first = multiprocessing.Lock()


def program(folder: str) -> Dash:
    """Return an app that caches: its first job fails, its second waits."""
    manager = DiskcacheManager(diskcache.Cache(folder), cache_by=[lambda: "version 1"])
    app = Dash(background_callback_manager=manager)
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])

    @app.callback(Output("out", "children"), Input("run", "n_clicks"), background=True)
    def job(n_clicks: int) -> None:
        if not first.acquire(block=False):
            gate.wait()
        raise ValueError("the database is away")

    return app


def deviates() -> bool:
    with callback_of(program) as callback:
        first_status = callback.result().status_code
        second_status = callback.poll(callback.start()).status_code
    if first_status != 500:
        raise Undecided(f"the first run is answered with {first_status}, not 500")
    print("expected: the second job is at work, and its page polls on (200)")
    print(f"seen: its first poll is answered with {second_status}")
    return second_status == 500
