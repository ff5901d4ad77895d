"""Dash: two long callbacks of equal source share one cached result."""

import diskcache
from dash import Dash, html
from dash.dependencies import Input, Output
from dash.long_callback import DiskcacheLongCallbackManager

from deviations.common.jobs import jobs_end
from deviations.common.long_callback import long_callback_page
from deviations.common.outcome import Undecided


def program(folder: str) -> Dash:
    """Return an app that caches, with a callback of the same source for each side."""
    manager = DiskcacheLongCallbackManager(diskcache.Cache(folder), cache_by=[lambda: 1])
    app = Dash(long_callback_manager=manager)
    app.layout = html.Div(
        [html.Button(id=part) for part in ("run-left", "run-right", "left", "right")]
    )

    def add_callback(side: str) -> None:
        @app.long_callback(
            Output(side, "children"), Input(f"run-{side}", "n_clicks"), prevent_initial_call=True
        )
        def job(n_clicks: int) -> str:
            return f"for the {side}"

    add_callback("left")
    add_callback("right")
    return app


def deviates() -> bool:
    with long_callback_page(program) as page:
        page.change("run-left.n_clicks", 1)
        jobs_end()
        page.tick(page.timers[0])
        right = page.change("run-right.n_clicks", 1).get("right.children")
    left = page.values.get("left.children")
    if left != "for the left":
        raise Undecided(f"the left shows {left}")
    print("expected: the right does not show the result of the left")
    print(f"seen: the right shows {right}")
    return right == left
