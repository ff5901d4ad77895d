"""Dash Labs: a request of another form than the page's is answered with 500."""

from typing import Any

import dash_html_components as html
import dash_labs as dl

from deviations.common.labs import labs_app, labs_manager, labs_page

BODIES = {
    "a list": "[]",
    "an object without inputs": '{"output": "out.children"}',
    "nested lists": "[" * 100_000 + "]" * 100_000,
}


def program(folder: str) -> Any:
    """Return an app with a callback."""
    app = labs_app(labs_manager(folder))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])

    @app.long_callback(output=dl.Output("out", "children"), args=dl.Input("run", "n_clicks"))
    def job(n_clicks: int) -> str:
        return "done"

    return app


def deviates() -> bool:
    with labs_page(program) as page:
        statuses = {
            name: page.http.post(
                "/_dash-update-component", data=body, content_type="application/json"
            ).status_code
            for name, body in BODIES.items()
        }
    print("expected: a status from 400 to 499")
    print(f"seen: {statuses}")
    return any(status >= 500 for status in statuses.values())
