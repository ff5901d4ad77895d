"""Dash: the result of a job that ends during a poll is lost."""

from typing import Any

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, html

from deviations.common.dash_page import callback_of
from deviations.common.jobs import jobs_end
from deviations.common.waiting import Gate

gate = Gate()


def finish() -> None:
    """Let the job return, and wait until its process has ended."""
    gate.open()
    jobs_end()


class SlowCache(diskcache.Cache):
    """A cache whose next look-up that finds nothing is answered after the job has ended."""

    slow = False

    def get(self, key: Any, default: Any = None, *args: Any, **kwargs: Any) -> Any:
        value = super().get(key, default, *args, **kwargs)
        if SlowCache.slow and value is default:
            SlowCache.slow = False
            finish()
        return value


def program(folder: str) -> Dash:
    """Return an app whose job waits at the gate."""
    app = Dash(background_callback_manager=DiskcacheManager(SlowCache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])

    @app.callback(Output("out", "children"), Input("run", "n_clicks"), background=True)
    def job(n_clicks: int) -> str:
        gate.wait()
        return "the result"

    return app


def deviates() -> bool:
    with callback_of(program) as callback:
        handles = callback.start()
        SlowCache.slow = True
        poll = callback.poll(handles)
        if SlowCache.slow:  # no look-up that finds nothing: there is no such moment any more
            finish()
        if poll.json and "response" not in poll.json:  # still running: the page polls again
            poll = callback.poll(handles)
    print("expected: 200 with 'the result', in this poll or in the next")
    print(f"seen: {poll.status_code} {poll.text!r}, after which the page polls no more")
    return "the result" not in poll.text
