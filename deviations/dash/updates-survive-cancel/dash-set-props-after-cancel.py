"""Dash: what a cancelled job had set by `set_props` is shown after the cancel."""

import diskcache
import multiprocess
from dash import Dash, DiskcacheManager, Input, Output, html, set_props

from deviations.common.dash_page import callback_of
from deviations.common.jobs import is_alive
from deviations.common.outcome import Undecided
from deviations.common.waiting import Gate

gate = Gate()  # it stays closed


def program(folder: str) -> Dash:
    """Return an app whose job sets a note and then waits."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    buttons = [html.Button(id=button) for button in ("run", "cancel")]
    app.layout = html.Div([*buttons, html.Div(id="note"), html.Div(id="out")])

    @app.callback(
        Output("out", "children"),
        Input("run", "n_clicks"),
        background=True,
        cancel=[Input("cancel", "n_clicks")],
        prevent_initial_call=True,
    )
    def job(n_clicks: int) -> None:
        set_props("note", {"children": "half of it is done"})
        gate.wait()

    return app


def deviates() -> bool:
    with callback_of(program) as callback:
        handles = callback.start()
        gate.reached()
        (job,) = multiprocess.active_children()
        callback.page.cancel(handles["job"])
        if is_alive(job):
            raise Undecided("the job was not cancelled")
        # The renderer polls once more: the answer tells it of the cancel.
        answer = callback.poll(handles)
    print("expected: the poll after the cancel brings nothing that the job has set")
    print(f"seen: {answer.status_code} {answer.text!r}")
    return "half of it" in answer.text
