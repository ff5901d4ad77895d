"""Dash: `DiskcacheManager(cache_by="session")` fails at the first trigger."""

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, html

from deviations.common.dash_page import callback_of
from deviations.common.jobs import jobs_end


def program(folder: str) -> Dash:
    """Return an app that caches by session."""
    manager = DiskcacheManager(cache_by="session", cache=diskcache.Cache(folder), expire=60)
    app = Dash(background_callback_manager=manager)
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])

    @app.callback(Output("out", "children"), Input("run", "n_clicks"), background=True)
    def job(n_clicks: int) -> str:
        return "done"

    return app


def deviates() -> bool:
    print("expected: the strategy is known, or refused where it is declared")
    try:
        with callback_of(program) as callback:
            status = callback.send(1).status_code
            jobs_end()
    except (TypeError, ValueError) as refusal:
        print(f"seen: {refusal}")
        return False
    print(f"seen: accepted; the first trigger is answered with {status}")
    return status == 500
