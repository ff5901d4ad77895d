"""Dash: what a job has set by `set_props` is lost when it raises."""

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, html, set_props

from deviations.common.dash_page import callback_of


def program(folder: str) -> Dash:
    """Return an app whose job says why it fails, and then fails."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="note"), html.Div(id="out")])
    app.logger.disabled = True

    @app.callback(Output("out", "children"), Input("run", "n_clicks"), background=True)
    def job(n_clicks: int) -> None:
        set_props("note", {"children": "row 7 has no date"})
        raise ValueError("the file cannot be read")

    return app


def deviates() -> bool:
    with callback_of(program) as callback:
        answer = callback.result()
    has_note = "row 7" in answer.text
    print("expected: the answer that ends the polling, or an earlier one, brings the note")
    print(
        f"seen: the first poll is answered with {answer.status_code}; the note is in it: {has_note}"
    )
    # The renderer stops polling after any answer that is not a 200 without a response.
    return (answer.status_code != 200 or "response" in answer.json) and not has_note
