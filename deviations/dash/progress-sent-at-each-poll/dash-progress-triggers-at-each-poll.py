"""Dash: progress that a job has reported once comes with each poll."""

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, html

from deviations.common.dash_page import callback_of
from deviations.common.waiting import Gate

gate = Gate()  # it stays closed


def program(folder: str) -> Dash:
    """Return an app whose job reports progress once and then waits."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    texts = [html.Div(id=text) for text in ("bar", "out")]
    app.layout = html.Div([html.Button(id="run"), *texts])

    @app.callback(
        Output("out", "children"),
        Input("run", "n_clicks"),
        background=True,
        progress=[Output("bar", "children")],
    )
    def job(set_progress, n_clicks: int) -> None:
        set_progress(["1"])
        gate.wait()

    return app


def deviates() -> bool:
    with callback_of(program) as callback:
        handles = callback.start()
        gate.reached()
        answers = [callback.poll(handles).json for _ in range(3)]
    times = sum("progress" in answer for answer in answers)
    print("expected: one of three polls brings the progress")
    print(f"seen: {times} of them do")
    return times > 1
