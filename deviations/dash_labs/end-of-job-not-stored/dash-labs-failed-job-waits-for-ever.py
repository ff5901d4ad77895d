"""Dash Labs: a job that failed is waited for without end."""

from typing import Any

import dash_html_components as html
import dash_labs as dl

from deviations.common.labs import labs_app, labs_jobs_end, labs_manager, labs_page


def program(folder: str) -> Any:
    """Return an app whose job raises."""
    app = labs_app(labs_manager(folder))
    app.layout = html.Div([html.Button(id="run"), html.P("idle", id="note"), html.Div(id="out")])

    @app.long_callback(
        output=dl.Output("out", "children"),
        args=dl.Input("run", "n_clicks"),
        running=[(dl.Output("note", "children"), "busy", "over")],
    )
    def job(n_clicks: int) -> None:
        raise ValueError("no")

    return app


def deviates() -> bool:
    with labs_page(program) as page:
        page.change("run.n_clicks", 1)
        labs_jobs_end()
        for _ in range(5):
            page.tick()
        is_off, note = page.is_off(*page.timers), page.values["note.children"]
    print("expected: the timer is disabled, and note.children is over")
    print(f"seen: disabled is {is_off}, note.children is {note}")
    return not is_off or note != "over"
