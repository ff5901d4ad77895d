"""Dash: a job that is a coroutine function is never run, and passes for a finished one."""

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, html

from deviations.common.dash_page import callback_of


def program(folder: str) -> Dash:
    """Return an app whose job is a coroutine function."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])

    @app.callback(Output("out", "children"), Input("run", "n_clicks"), background=True)
    async def job(n_clicks: int) -> str:
        return "done"

    return app


def deviates() -> bool:
    with callback_of(program) as callback:
        answer = callback.result()
    print("expected: the result, or an error status")
    print(f"seen: {answer.status}")
    return answer.status_code < 400 and "done" not in answer.get_data(as_text=True)
