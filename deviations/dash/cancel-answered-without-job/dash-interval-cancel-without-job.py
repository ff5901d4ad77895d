"""Dash: a cancel without a job changes what `running` names."""

import diskcache
from dash import Dash, html
from dash.dependencies import Input, Output
from dash.long_callback import DiskcacheLongCallbackManager

from deviations.common.long_callback import long_callback_page


def program(folder: str) -> Dash:
    """Return an app with a text in `running`."""
    app = Dash(long_callback_manager=DiskcacheLongCallbackManager(diskcache.Cache(folder)))
    buttons = [html.Button(id="run"), html.Button(id="cancel")]
    app.layout = html.Div([*buttons, html.P("idle", id="note"), html.Div(id="out")])

    @app.long_callback(
        Output("out", "children"),
        Input("run", "n_clicks"),
        running=[(Output("note", "children"), "busy", "over")],
        cancel=[Input("cancel", "n_clicks")],
        prevent_initial_call=True,
    )
    def job(n_clicks: int) -> str:
        return "done"

    return app


def deviates() -> bool:
    with long_callback_page(program) as page:
        page.change("cancel.n_clicks", 1)
    note = page.values["note.children"]
    print("expected: note.children is idle")
    print(f"seen: {note}")
    return note != "idle"
