"""Dash: a click on a cancel button whose id is a dictionary leaves the job running."""

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, html

from deviations.common.browser import browse
from deviations.common.outcome import Undecided
from deviations.common.waiting import Gate, ends_soon

named, keyed = Gate(), Gate()
KEYS = {"type": "stop", "index": 1}


def program(folder: str) -> Dash:
    """Return an app with two callbacks, one of which is cancelled by a button whose id has keys."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    buttons = [
        html.Button("run", id="run"),
        html.Button("stop", id="stop"),
        html.Button("stop", id=KEYS, className="keyed"),
    ]
    app.layout = html.Div([*buttons, html.Div(id="out"), html.Div(id="more")])

    @app.callback(
        Output("out", "children"),
        Input("run", "n_clicks"),
        background=True,
        cancel=[Input("stop", "n_clicks")],
        prevent_initial_call=True,
    )
    def first(n_clicks: int) -> str:
        named.wait()
        return "done"

    @app.callback(
        Output("more", "children"),
        Input("run", "n_clicks"),
        background=True,
        cancel=[Input(KEYS, "n_clicks")],
        prevent_initial_call=True,
    )
    def second(n_clicks: int) -> str:
        keyed.wait()
        return "done"

    return app


def deviates() -> bool:
    with browse(program) as page:
        page.click("#run")
        first, second = named.reached(), keyed.reached()
        page.click("#stop")
        page.click(".keyed")
        if not ends_soon(first):
            ends_soon(second)
            raise Undecided("the button whose id is a text does not cancel either")
        is_stopped = ends_soon(second)
    print("expected: each button stops its job")
    print(f"seen: the one whose id is a dictionary {'stops it' if is_stopped else 'does not'}")
    return not is_stopped
