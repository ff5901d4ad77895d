"""Dash Labs: a tuple of inputs is passed as one argument."""

from typing import Any

import dash_html_components as html
import dash_labs as dl

from deviations.common.labs import labs_app, labs_manager, labs_page
from deviations.common.waiting import Notes

lengths = Notes()


def program(folder: str) -> Any:
    """Return an app whose job notes the number of its arguments."""
    app = labs_app(labs_manager(folder))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])

    @app.long_callback(
        output=dl.Output("out", "children"),
        args=(dl.Input("run", "n_clicks"), dl.Input("run", "id")),
    )
    def job(*arguments: Any) -> str:
        lengths.write(len(arguments))
        return "done"

    return app


def deviates() -> bool:
    with labs_page(program) as page:
        page.change("run.n_clicks", 1)
        length = lengths.read()
    print("expected: two arguments")
    print(f"seen: {length}")
    return bool(length != 2)
