"""Dash: after a reload, a page shows what the job of its abandoned run has set."""

import multiprocessing

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, html, set_props

from deviations.common.dash_page import Callback, page_of
from deviations.common.waiting import Gate

gate = Gate()  # it stays closed
first = multiprocessing.Lock()


def program(folder: str) -> Dash:
    """Return an app whose first job sets a property; each job then waits."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out"), html.Div(id="note")])

    @app.callback(Output("out", "children"), Input("run", "n_clicks"), background=True)
    def job(n_clicks: int) -> str:
        if first.acquire(block=False):
            set_props("note", {"children": "half of the first"})
        gate.wait()
        return "done"

    return app


def deviates() -> bool:
    with page_of(program) as page:
        Callback(page).start()  # the page is loaded again before its first poll
        gate.reached()
        callback = Callback(page.another())
        handles = callback.start()
        gate.reached()
        poll = callback.poll(handles)
    print("expected: the second job has set nothing yet, so that its page shows nothing of it")
    print(f"seen: the first poll for it brings {poll.text!r}")
    return "half of the first" in poll.text
