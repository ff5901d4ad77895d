"""Dash Labs: a cancel without a job changes what `running` names."""

from typing import Any

import dash_html_components as html
import dash_labs as dl

from deviations.common.labs import labs_app, labs_manager, labs_page


def program(folder: str) -> Any:
    """Return an app with a text in `running`."""
    app = labs_app(labs_manager(folder))
    buttons = [html.Button(id="run"), html.Button(id="cancel")]
    app.layout = html.Div([*buttons, html.P("idle", id="note"), html.Div(id="out")])

    @app.long_callback(
        output=dl.Output("out", "children"),
        args=dl.Input("run", "n_clicks"),
        running=[(dl.Output("note", "children"), "busy", "over")],
        cancel=[dl.Input("cancel", "n_clicks")],
    )
    def job(n_clicks: int) -> str:
        return "done"

    return app


def deviates() -> bool:
    with labs_page(program) as page:
        page.change("cancel.n_clicks", 1)
    note = page.values["note.children"]
    print("expected: note.children is idle")
    print(f"seen: {note}")
    return note != "idle"
