"""Dash: `cache_args_to_skip` is accepted and has no effect."""

import multiprocessing
from typing import Any

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, dcc, html

from deviations.common.caching import is_served
from deviations.common.dash_page import callback_of
from deviations.common.outcome import Undecided
from deviations.common.waiting import Gate

gate = Gate()  # it stays closed


def program(folder: str, option: str, skipped: Any) -> Dash:
    """Return an app that caches, and leaves its only argument out of the key; all jobs but the first wait."""
    manager = DiskcacheManager(diskcache.Cache(folder), cache_by=[lambda: "version 1"])
    app = Dash(background_callback_manager=manager)
    app.layout = html.Div([dcc.Store(id="run"), html.Div(id="out")])
    first = multiprocessing.Lock()
    options = {"background": True, option: skipped}

    @app.callback(Output("out", "children"), Input("run", "data"), **options)
    def job(value: int) -> str:
        if not first.acquire(block=False):
            gate.wait()
        return "result"

    return app


def effect(option: str, skipped: Any) -> str:
    """Return what an option does: it is refused, lets a result be served for another argument, or has no effect."""
    try:
        with callback_of(program, option, skipped, trigger="run.data") as callback:
            return "served" if is_served(callback, 1, 2) else "no effect"
    except (TypeError, ValueError) as refusal:
        return f"refused: {refusal}"


def deviates() -> bool:
    if (usual := effect("cache_args_to_ignore", [0])) != "served":
        raise Undecided(f"with cache_args_to_ignore=[0]: {usual}")
    print("expected: the argument is left out of the key; an index that does not exist is refused")
    effects = {index: effect("cache_args_to_skip", [index]) for index in (0, 7)}
    for index, seen in effects.items():
        print(f"seen: with cache_args_to_skip=[{index}]: {seen}")
    return effects[0] != "served" or not effects[7].startswith("refused")
