"""Dash: `cache_args_to_skip` of a long callback is accepted and has no effect."""

from typing import Any

import diskcache
from dash import Dash, dcc, html
from dash.dependencies import Input, Output
from dash.long_callback import DiskcacheLongCallbackManager

from deviations.common.long_callback import long_callback_page, shows_stored_result
from deviations.common.outcome import Undecided
from deviations.common.waiting import Gate

gate = Gate()


def program(folder: str, options: dict[str, Any]) -> Dash:
    """Return an app that caches, with an option of its callback; its jobs wait in the gate."""
    manager = DiskcacheLongCallbackManager(diskcache.Cache(folder), cache_by=[lambda: 1])
    app = Dash(long_callback_manager=manager)
    app.layout = html.Div([dcc.Store(id="value"), html.Div(id="out")])

    @app.long_callback(
        output=Output("out", "children"),
        inputs=Input("value", "data"),
        prevent_initial_call=True,
        **options,
    )
    def job(value: int) -> str:
        gate.wait()
        return "done"

    return app


def effect(**options: Any) -> str:
    """Return what an option does to a result that is stored for another argument."""
    try:
        with long_callback_page(program, options) as page:
            return "shown" if shows_stored_result(page, gate, 1, 2) else "not shown"
    except (TypeError, ValueError) as error:
        return f"refused: {error}"


def deviates() -> bool:
    if (ignored := effect(cache_args_to_ignore=[0])) != "shown":
        raise Undecided(f"with cache_args_to_ignore=[0] the stored result is {ignored}")
    skipped, absent = effect(cache_args_to_skip=[0]), effect(cache_args_to_skip=[7])
    print("expected: with cache_args_to_skip=[0] the stored result is shown; [7] is refused")
    print(f"seen: with [0] {skipped}, with [7] {absent}")
    return skipped != "shown" or not absent.startswith("refused")
