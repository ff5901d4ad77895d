"""Dash: `cache_by` of a callback is accepted and has no effect."""

import multiprocessing
from typing import Any

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, dcc, html

from deviations.common.caching import is_served
from deviations.common.dash_page import callback_of
from deviations.common.outcome import Undecided
from deviations.common.waiting import Gate

gate = Gate()  # it stays closed


def version() -> str:
    return "version 1"


CASES = {
    "manager": ([version], None),
    "callback, functions": (None, [version]),
    "callback, inputs": (None, [Input("run", "data")]),
}


def program(folder: str, by_manager: Any, by_callback: Any) -> Dash:
    """Return an app that caches by what its manager and its callback declare; all jobs but the first wait."""
    manager = DiskcacheManager(diskcache.Cache(folder), cache_by=by_manager)
    app = Dash(background_callback_manager=manager)
    app.layout = html.Div([dcc.Store(id="run"), html.Div(id="out")])
    first = multiprocessing.Lock()
    options = {"cache_by": by_callback} if by_callback else {}

    @app.callback(Output("out", "children"), Input("run", "data"), background=True, **options)
    def job(value: int) -> str:
        if not first.acquire(block=False):
            gate.wait()
        return "result"

    return app


def deviates() -> bool:
    served = {}
    print("expected: each of these is refused, or lets a stored result be served again")
    for case, (by_manager, by_callback) in CASES.items():
        try:
            with callback_of(program, by_manager, by_callback, trigger="run.data") as callback:
                served[case] = is_served(callback, 1, 1)
        except (TypeError, ValueError) as refusal:
            print(f"seen: {case}: refused: {refusal}")
        else:
            print(
                f"seen: {case}: {'served' if served[case] else 'accepted, and nothing is served'}"
            )
    if not served["manager"]:
        raise Undecided("nothing is served at all")
    return not all(served.values())
