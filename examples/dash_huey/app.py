"""Work that takes a few seconds, with progress and a cancel button, executed by Huey.

Start it with ``python app.py``, its workers with ``python -m dash_huey app``, and open the address that it prints.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from dash import Dash, Input, Output, callback, html
from dash_huey import make_manager

STEPS = 8

app = Dash(__name__, background_callback_manager=make_manager())

app.layout = html.Div(
    [
        html.Button("Run", id="run"),
        html.Button("Cancel", id="cancel", disabled=True),
        html.Progress(id="bar", max=str(STEPS)),
        html.P("Nothing has run yet.", id="result"),
    ]
)


@callback(
    Output("result", "children"),
    Input("run", "n_clicks"),
    background=True,
    running=[
        (Output("run", "disabled"), True, False),
        (Output("cancel", "disabled"), False, True),
    ],
    cancel=Input("cancel", "n_clicks"),
    progress=Output("bar", "value"),
    progress_default="0",
    interval=250,
    prevent_initial_call=True,
)
def compute(set_progress: Callable[[str], None], clicks: int) -> str:
    for step in range(1, STEPS + 1):
        time.sleep(0.5)  # the heavy work
        set_progress(str(step))
    return f"Run {clicks} took {STEPS} steps."


if __name__ == "__main__":
    app.run()
