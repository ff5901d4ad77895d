"""Dash: what a job sets by `set_props` during a poll is lost."""

from typing import Any

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, html, set_props

from deviations.common.dash_page import callback_of
from deviations.common.waiting import Gate

gate = Gate()


def next_value() -> None:
    """Let the job set its next value, and wait until it has."""
    gate.open()
    gate.reached()


class SlowCache(diskcache.Cache):
    """A cache whose next look-up that finds what `set_props` left is answered after the job's next call."""

    slow = False

    def get(self, key: Any, default: Any = None, *args: Any, **kwargs: Any) -> Any:
        value = super().get(key, default, *args, **kwargs)
        if SlowCache.slow and "first value" in str(value):
            SlowCache.slow = False
            next_value()
        return value


def program(folder: str) -> Dash:
    """Return an app whose job sets two values, one after the other, and then waits."""
    app = Dash(background_callback_manager=DiskcacheManager(SlowCache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="note"), html.Div(id="out")])

    @app.callback(Output("out", "children"), Input("run", "n_clicks"), background=True)
    def job(n_clicks: int) -> None:
        for value in ("first value", "second value"):
            set_props("note", {"children": value})
            gate.wait()

    return app


def deviates() -> bool:
    with callback_of(program) as callback:
        handles = callback.start()
        gate.reached()
        SlowCache.slow = True
        polls = [callback.poll(handles).json]
        if SlowCache.slow:  # no such look-up: what was set is taken out in one go
            next_value()
        polls += [callback.poll(handles).json for _ in range(2)]
    print("expected: a poll brings the second value while the job runs")
    print(f"seen: {polls}")
    return "second value" not in str(polls)
