"""Dash Labs: set_progress takes one argument."""

from typing import Any

import dash_html_components as html
import dash_labs as dl

from deviations.common.labs import labs_app, labs_manager, labs_page
from deviations.common.waiting import Notes

errors = Notes()


def program(folder: str) -> Any:
    """Return an app whose job reports progress as its documentation shows."""
    app = labs_app(labs_manager(folder))
    app.layout = html.Div([html.Button(id="run"), html.Progress(id="bar"), html.Div(id="out")])

    @app.long_callback(
        output=dl.Output("out", "children"),
        args=dl.Input("run", "n_clicks"),
        progress=dl.Output("bar", ("value", "max")),
    )
    def job(set_progress: Any, n_clicks: int) -> str:
        try:
            set_progress("1", "10")
        except TypeError as error:
            errors.write(str(error))
        else:
            errors.write("")
        return "done"

    return app


def deviates() -> bool:
    with labs_page(program) as page:
        page.change("run.n_clicks", 1)
        error = errors.read()
    print("expected: two arguments are accepted")
    print(f"seen: {error or 'they are'}")
    return bool(error)
