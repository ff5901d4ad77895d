"""Dash: the last progress is lost when it is reported during a poll."""

from typing import Any

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, html

from deviations.common.dash_page import callback_of
from deviations.common.waiting import Gate

gate = Gate()


def next_step() -> None:
    """Let the job report its next step, and wait until it has."""
    gate.open()
    gate.reached()


class SlowCache(diskcache.Cache):
    """A cache whose next look-up that finds a list is answered after the job's next report."""

    slow = False

    def get(self, key: Any, default: Any = None, *args: Any, **kwargs: Any) -> Any:
        value = super().get(key, default, *args, **kwargs)
        if SlowCache.slow and isinstance(value, list):
            SlowCache.slow = False
            next_step()
        return value


def program(folder: str) -> Dash:
    """Return an app whose job reports two steps and then waits."""
    app = Dash(background_callback_manager=DiskcacheManager(SlowCache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="step"), html.Div(id="out")])

    @app.callback(
        Output("out", "children"),
        Input("run", "n_clicks"),
        background=True,
        progress=[Output("step", "children")],
    )
    def job(set_progress: Any, n_clicks: int) -> None:
        for step in ("first step", "second step"):
            set_progress([step])
            gate.wait()

    return app


def deviates() -> bool:
    with callback_of(program) as callback:
        handles = callback.start()
        gate.reached()
        SlowCache.slow = True
        polls = [callback.poll(handles).json]
        if SlowCache.slow:  # no such look-up: the step is taken out in one go
            next_step()
        polls += [callback.poll(handles).json for _ in range(2)]
    print("expected: a poll brings the second step while the job works on it")
    print(f"seen: {polls}")
    return "second step" not in str(polls)
