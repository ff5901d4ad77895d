"""Dash: progress_default is not shown before the first run."""

from typing import Any

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, html

from deviations.common.browser import browse


def program(folder: str) -> Dash:
    """Return an app with a progress_default and a callback that runs at page load."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    texts = [html.Div(id=text) for text in ("step", "out", "note")]
    app.layout = html.Div([html.Button("Run", id="run"), *texts])

    @app.callback(
        Output("out", "children"),
        Input("run", "n_clicks"),
        background=True,
        prevent_initial_call=True,
        progress=Output("step", "children"),
        progress_default="not started",
    )
    def job(set_progress: Any, n_clicks: int) -> str:
        return "done"

    @app.callback(Output("note", "children"), Input("run", "id"))
    def load(_: str) -> str:
        return "loaded"

    return app


def deviates() -> bool:
    with browse(program) as page:
        page.wait_for_selector("#note:text('loaded')")  # the initial calls are over
        step = page.inner_text("#step")
    print("expected: step is 'not started', as no job is in progress")
    print(f"seen: step is {step!r}")
    return step != "not started"
