"""Dash: a result that was emptied out of the store passes for none."""

import tempfile

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, dcc, html

from deviations.common.dash_page import Callback, Page
from deviations.common.outcome import Undecided


def program(folder: str) -> Dash:
    """Return an app whose job returns a greeting. The value `folder` tells where its store is."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([dcc.Input(id="name"), html.Div(id="out")])

    @app.callback(Output("out", "children"), Input("name", "value"), background=True)
    def job(name: str) -> str:
        return f"Hello {name}"

    return app


def deviates() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        callback = Callback(Page(program(folder)), trigger="name.value")
        usual = callback.result("Ada")
        handles = callback.run("Grace")
        with diskcache.Cache(folder) as cache:
            cache.clear()
        emptied = callback.poll(handles)
    if usual.status_code != 200:
        raise Undecided(f"no result was delivered at all: {usual.status}")
    print("expected: an error status, since the result is lost")
    print(f"seen: with its result {usual.status}, after the store was emptied {emptied.status}")
    return emptied.status_code < 400
