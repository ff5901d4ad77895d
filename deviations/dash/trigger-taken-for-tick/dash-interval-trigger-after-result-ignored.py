"""Dash: a trigger right after its result is ignored."""

import diskcache
from dash import Dash, html
from dash.dependencies import Input, Output
from dash.long_callback import DiskcacheLongCallbackManager

from deviations.common.jobs import jobs_end
from deviations.common.long_callback import long_callback_page


def program(folder: str) -> Dash:
    """Return an app that caches."""
    manager = DiskcacheLongCallbackManager(diskcache.Cache(folder), cache_by=[lambda: 1])
    app = Dash(long_callback_manager=manager)
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])

    @app.long_callback(
        Output("out", "children"), Input("run", "n_clicks"), prevent_initial_call=True
    )
    def job(n_clicks: int) -> str:
        return "done"

    return app


def deviates() -> bool:
    with long_callback_page(program) as page:
        page.change("run.n_clicks", 1)
        jobs_end()
        page.tick()
        updates = page.change("run.n_clicks", 1)
        is_off = page.is_off(*page.timers)
    print("expected: out.children is set to done, or a job runs and the timer polls for it")
    print(f"seen: {updates}")
    return "out.children" not in updates and is_off
