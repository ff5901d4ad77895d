"""Dash: a function is called although its result is in the cache."""

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, html

from deviations.common.dash_page import callback_of
from deviations.common.jobs import jobs_end
from deviations.common.outcome import Undecided
from deviations.common.waiting import Notes

calls = Notes()


def program(folder: str) -> Dash:
    """Return an app that caches its results."""
    manager = DiskcacheManager(diskcache.Cache(folder), cache_by=[lambda: "version 1"])
    app = Dash(background_callback_manager=manager)
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])

    @app.callback(Output("out", "children"), Input("run", "n_clicks"), background=True)
    def job(n_clicks: int) -> str:
        calls.write("called")
        return "done"

    return app


def deviates() -> bool:
    with callback_of(program) as callback:
        first = callback.result().text
        if "done" not in first:
            raise Undecided(f"the first run brings {first!r}")
        callback.send(1)
        jobs_end()
    calls.read()
    is_called_again = calls.come(0)
    print("expected: after two equal triggers the function was called once")
    print(f"seen: it was called {'again' if is_called_again else 'once'}")
    return is_called_again
