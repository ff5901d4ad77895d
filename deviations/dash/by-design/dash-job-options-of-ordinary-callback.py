"""Dash: `cancel` and `progress` are accepted for a callback without `background=True`."""

from typing import Any

from dash import Dash, Input, Output, html

from deviations.common.dash_page import Page

OPTIONS = {"cancel": [Input("stop", "n_clicks")], "progress": [Output("bar", "children")]}


def program(**option: Any) -> Dash:
    """Return an app whose author has forgotten `background=True`."""
    app = Dash()
    app.layout = html.Div([html.Button(id=part) for part in ("run", "stop", "bar", "out")])

    @app.callback(Output("out", "children"), Input("run", "n_clicks"), **option)
    def job(*_: Any) -> str:
        return "done"

    return app


def deviates() -> bool:
    print("expected: each is refused")
    accepted = 0
    for option, entries in OPTIONS.items():
        try:
            status = Page(program(**{option: entries})).loaded.status_code
        except Exception as error:
            print(f"seen: {option}: {type(error).__name__}: {error}")
            continue
        print(f"seen: {option}: the page is served with {status}")
        accepted += status == 200
    return accepted > 0
