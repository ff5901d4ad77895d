"""Dash: the order of a dictionary's keys is part of the cache key."""

import multiprocessing

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, dcc, html

from deviations.common.caching import is_served
from deviations.common.dash_page import callback_of
from deviations.common.outcome import Undecided
from deviations.common.waiting import Gate

gate = Gate()  # it stays closed


def program(folder: str) -> Dash:
    """Return an app that caches; all jobs but the first wait."""
    manager = DiskcacheManager(diskcache.Cache(folder), cache_by=[lambda: "version 1"])
    app = Dash(background_callback_manager=manager)
    app.layout = html.Div([dcc.Store(id="run"), html.Div(id="out")])
    first = multiprocessing.Lock()

    @app.callback(Output("out", "children"), Input("run", "data"), background=True)
    def job(value: dict[str, int]) -> str:
        if not first.acquire(block=False):
            gate.wait()
        return "result"

    return app


def is_served_for(value: dict[str, int]) -> bool:
    with callback_of(program, trigger="run.data") as callback:
        return is_served(callback, {"a": 1, "b": 2}, value)


def deviates() -> bool:
    same, other = is_served_for({"a": 1, "b": 2}), is_served_for({"b": 2, "a": 1})
    if not same:
        raise Undecided("the stored result is not even served for the same order")
    print("expected: the stored result is served whatever the order of the keys")
    print(f"seen: in the same order {same}, in the other order {other}")
    return not other
