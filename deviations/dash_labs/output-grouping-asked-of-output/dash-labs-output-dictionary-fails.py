"""Dash Labs: a dictionary of outputs fails."""

from typing import Any

import dash_html_components as html
import dash_labs as dl

from deviations.common.labs import labs_app, labs_manager, labs_page


def program(folder: str) -> Any:
    """Return an app with two outputs by name."""
    app = labs_app(labs_manager(folder))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])

    @app.long_callback(
        output={"text": dl.Output("out", "children"), "title": dl.Output("out", "title")},
        args=dl.Input("run", "n_clicks"),
    )
    def job(n_clicks: int) -> dict[str, str]:
        return {"text": "done", "title": "done"}

    return app


def deviates() -> bool:
    with labs_page(program) as page:
        page.change("run.n_clicks", 1)
        status = page.answer.status_code
    print("expected: the first trigger is answered with 200")
    print(f"seen: {status}")
    return bool(status != 200)
