"""Dash: the order of a dictionary's keys is part of a long callback's cache key."""

import diskcache
from dash import Dash, dcc, html
from dash.dependencies import Input, Output
from dash.long_callback import DiskcacheLongCallbackManager

from deviations.common.long_callback import long_callback_page, shows_stored_result
from deviations.common.outcome import Undecided
from deviations.common.waiting import Gate

gate = Gate()


def program(folder: str) -> Dash:
    """Return an app that caches; its jobs wait in the gate."""
    manager = DiskcacheLongCallbackManager(diskcache.Cache(folder), cache_by=[lambda: 1])
    app = Dash(long_callback_manager=manager)
    app.layout = html.Div([dcc.Store(id="value"), html.Div(id="out")])

    @app.long_callback(Output("out", "children"), Input("value", "data"), prevent_initial_call=True)
    def job(value: dict[str, int]) -> str:
        gate.wait()
        return "done"

    return app


def is_shown_for(value: dict[str, int]) -> bool:
    with long_callback_page(program) as page:
        return shows_stored_result(page, gate, {"a": 1, "b": 2}, value)


def deviates() -> bool:
    same, other = is_shown_for({"a": 1, "b": 2}), is_shown_for({"b": 2, "a": 1})
    if not same:
        raise Undecided("the stored result is not even shown for the same order")
    print("expected: the stored result is shown whatever the order of the keys")
    print(f"seen: in the same order {same}, in the other order {other}")
    return not other
