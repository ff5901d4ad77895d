"""Dash: a result that its user did not wait for is shown to another user."""

import multiprocessing

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, html

from deviations.common.dash_page import Callback, page_of
from deviations.common.waiting import Gate

gate = Gate()  # it stays closed
first = multiprocessing.Lock()


def program(folder: str) -> Dash:
    """Return an app whose first job returns a user's report, and whose second waits."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])

    @app.callback(Output("out", "children"), Input("run", "n_clicks"), background=True)
    def job(n_clicks: int) -> str:
        if not first.acquire(block=False):
            gate.wait()
        return "the first user's report"

    return app


def deviates() -> bool:
    with page_of(program) as page:
        Callback(page).run()  # this page is closed before its first poll
        callback = Callback(page.another())
        handles = callback.start()
        gate.reached()
        poll = callback.poll(handles)
    print("expected: the other user's job is still at work, and their page polls on")
    print(f"seen: the other user's first poll brings {poll.text!r}")
    return "the first user's report" in poll.text
