"""Dash: `cache_by` of a long callback is accepted and has no effect."""

from typing import Any

import diskcache
from dash import Dash, dcc, html
from dash.dependencies import Input, Output
from dash.long_callback import DiskcacheLongCallbackManager

from deviations.common.long_callback import long_callback_page, shows_stored_result
from deviations.common.outcome import Undecided
from deviations.common.waiting import Gate

gate = Gate()


def version() -> int:
    return 1


def program(folder: str, of_manager: Any, options: dict[str, Any]) -> Dash:
    """Return an app that caches by what its manager and its callback name; its jobs wait in the gate."""
    manager = DiskcacheLongCallbackManager(diskcache.Cache(folder), cache_by=of_manager)
    app = Dash(long_callback_manager=manager)
    app.layout = html.Div([dcc.Store(id="value"), html.Div(id="out")])

    @app.long_callback(
        Output("out", "children"), Input("value", "data"), prevent_initial_call=True, **options
    )
    def job(value: int) -> str:
        gate.wait()
        return "done"

    return app


def effect(of_manager: Any, **options: Any) -> str:
    """Return what becomes of a stored result."""
    try:
        with long_callback_page(program, of_manager, options) as page:
            return "shown" if shows_stored_result(page, gate, 1, 1) else "not shown"
    except (TypeError, ValueError) as error:
        return f"refused: {error}"


def deviates() -> bool:
    if (cached := effect([version])) != "shown":
        raise Undecided(f"with cache_by of the manager the stored result is {cached}")
    seen = effect(None, cache_by=[version])
    print("expected: cache_by of the callback is refused, or the stored result is shown")
    print(f"seen: {seen}")
    return seen == "not shown"
