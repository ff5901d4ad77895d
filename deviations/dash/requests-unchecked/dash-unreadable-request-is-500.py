"""Dash: a request of another form than the page's is answered with 500."""

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, html

from deviations.common.dash_page import page_of

BODIES = {
    "a list": "[]",
    "an object without inputs": '{"output": "out.children"}',
    "nested lists": "[" * 100_000 + "]" * 100_000,
}


def program(folder: str) -> Dash:
    """Return an app with a callback."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])

    @app.callback(Output("out", "children"), Input("run", "n_clicks"), background=True)
    def job(n_clicks: int) -> str:
        return "done"

    app.server.testing = False  # an exception becomes an answer, as on a real server
    return app


def deviates() -> bool:
    with page_of(program) as page:
        statuses = {
            name: page.http.post(
                "/_dash-update-component", data=body, content_type="application/json"
            ).status_code
            for name, body in BODIES.items()
        }
    print("expected: a status from 400 to 499")
    print(f"seen: {statuses}")
    return any(status >= 500 for status in statuses.values())
