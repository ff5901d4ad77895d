"""Dash: the result of `one` is lost after one, two, one."""

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, dcc, html

from deviations.common.dash_page import callback_of


def program(folder: str) -> Dash:
    """Return an app with one background callback."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([dcc.Input(id="choice"), html.Div(id="out")])

    @app.callback(Output("out", "children"), Input("choice", "value"), background=True)
    def job(value: str) -> str:
        return f"result of {value}"

    return app


def deviates() -> bool:
    with callback_of(program, trigger="choice.value") as callback:
        first = callback.run("one")
        second = callback.run("two", oldJob=first["job"])
        third = callback.run("one", oldJob=second["job"])
        late = callback.poll(first)  # its timer was set before it was superseded
        final = callback.poll(third)
    print("expected: the poll of the third job brings 'result of one'")
    print(f"seen: it brings {final.status_code} {final.text!r};")
    print(f"      the late poll of the first job brought {late.status_code} {late.text!r}")
    return "result of one" not in final.text
