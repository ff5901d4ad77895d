"""Dash: a result for which the disk has no room passes for none."""

import multiprocessing
import sqlite3
from typing import Any

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, dcc, html

from deviations.common.dash_page import callback_of
from deviations.common.outcome import Undecided

disk_is_full = multiprocessing.Event()


class Disk(diskcache.Cache):
    """A store whose disk is full from a moment on."""

    def set(self, *args: Any, **kwargs: Any) -> Any:
        if disk_is_full.is_set():
            raise sqlite3.OperationalError("database or disk is full")
        return super().set(*args, **kwargs)


def program(folder: str) -> Dash:
    """Return an app whose job returns a greeting."""
    app = Dash(background_callback_manager=DiskcacheManager(Disk(folder)))
    app.layout = html.Div([dcc.Input(id="name"), html.Div(id="out")])

    @app.callback(Output("out", "children"), Input("name", "value"), background=True)
    def job(name: str) -> str:
        return f"Hello {name}"

    return app


def deviates() -> bool:
    with callback_of(program, trigger="name.value") as callback:
        usual = callback.result("Ada")
        disk_is_full.set()
        full = callback.result("Grace")
    if usual.status_code != 200:
        raise Undecided(f"no result was delivered at all: {usual.status}")
    print("expected: an error status, since the result is lost")
    print(f"seen: with room for the result {usual.status}, on a full disk {full.status}")
    return full.status_code < 400
