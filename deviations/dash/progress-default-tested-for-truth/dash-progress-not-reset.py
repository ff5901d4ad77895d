"""Dash: progress without a default stays after the end."""

from typing import Any

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, html

from deviations.common.dash_page import callback_of
from deviations.common.jobs import jobs_end


def program(folder: str) -> Dash:
    """Return an app whose job reports one step."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Progress(id="bar"), html.Div(id="out")])

    @app.callback(
        Output("out", "children"),
        Input("run", "n_clicks"),
        background=True,
        progress=Output("bar", "value"),
    )
    def job(set_progress: Any, n_clicks: int) -> str:
        set_progress("5")
        return "done"

    return app


def deviates() -> bool:
    with callback_of(program) as callback:
        start = callback.send(1).json
        jobs_end()
        end = callback.poll({"cacheKey": start["cacheKey"], "job": start["job"]}).json
    # What the renderer applies at the end: the poll's progress, then the default of the start.
    shown = {**end.get("progress", {}), **start.get("progressDefault", {})}
    print("expected: bar.value is None after the end, as the callback has no progress_default")
    print(f"seen: {shown}; the start is answered with {sorted(start)}")
    return shown != {"bar.value": None}
