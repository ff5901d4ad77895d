"""Work that takes a few seconds, with progress, a figure and a cancel button.

Start it with ``python examples/dash_style/app.py`` and open the address that it prints.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import plotly.graph_objects as go

sys.path.insert(0, str(Path(__file__).parents[2]))  # so that it runs without an installation

from impl_dash_style import Dash, DiskcacheManager, Input, Output, dcc, html

app = Dash(__name__, background_callback_manager=DiskcacheManager())

STEPS = 8


def chart(values: list[int]) -> go.Figure:
    figure = go.Figure(go.Bar(y=values))
    figure.update_layout(height=260, margin={"t": 20, "b": 20}, yaxis_range=[0, 100])
    figure.update_xaxes(range=[-0.5, STEPS - 0.5])
    return figure


app.layout = html.Div(
    [
        html.H3("A long-running callback"),
        html.Button("Run", id="run"),
        html.Button("Cancel", id="cancel", disabled=True),
        html.P("Nothing has run yet.", id="result"),
        html.Progress(id="bar", max=str(STEPS)),
        dcc.Graph(id="chart"),
    ],
    style={"fontFamily": "sans-serif", "maxWidth": "40em", "margin": "2em auto"},
)


@app.callback(
    Output("result", "children"),
    Input("run", "n_clicks"),
    background=True,
    running=[
        (Output("run", "disabled"), True, False),
        (Output("cancel", "disabled"), False, True),
        (Output("result", "style"), {"color": "gray"}, {"color": "black"}),
    ],
    cancel=Input("cancel", "n_clicks"),
    progress={"step": Output("bar", "value"), "figure": Output("chart", "figure")},
    progress_default={"step": "0", "figure": chart([])},
    interval=250,
    prevent_initial_call=True,
)
def compute(set_progress: Callable[[Any], None], clicks: int) -> str:
    values: list[int] = []
    for step in range(1, STEPS + 1):
        time.sleep(0.5)  # the heavy work
        values.append(step * step % 101)
        set_progress({"step": str(step), "figure": chart(values)})
    return f"Run {clicks} took {STEPS} steps; the values add up to {sum(values)}."


if __name__ == "__main__":
    app.run()
