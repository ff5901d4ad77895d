"""Dash: a page polls without a pause for a long callback that gives no interval."""

import tempfile
from typing import Any

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, html


def program(folder: str, older: bool) -> Dash:
    """Return an app whose callback gives no interval, in the older form or in the newer one."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])
    newer = {} if older else {"background": True}
    declare = app.long_callback if older else app.callback

    @declare(
        Output("out", "children"), Input("run", "n_clicks"), prevent_initial_call=True, **newer
    )
    def job(n_clicks: int) -> str:
        return "done"

    return app


def interval(older: bool) -> Any:
    """Return the milliseconds between two polls that the page is told."""
    with tempfile.TemporaryDirectory() as folder:
        [callback] = program(folder, older).server.test_client().get("/_dash-dependencies").json
        return callback["long"]["interval"]


def deviates() -> bool:
    older, newer = interval(older=True), interval(older=False)
    print(f"expected: an interval of {newer} ms, as with background=True")
    print(f"seen: {older}")
    return older is None
