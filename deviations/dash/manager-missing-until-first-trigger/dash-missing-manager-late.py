"""Dash: a background callback without a manager fails at its first trigger only."""

from dash import Dash, Input, Output, html
from dash.exceptions import DashException

from deviations.common.dash_page import Callback, Page


def program() -> Dash:
    """Return an app that has no manager."""
    app = Dash()
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])

    @app.callback(Output("out", "children"), Input("run", "n_clicks"), background=True)
    def job(n_clicks: int) -> str:
        return "done"

    return app


def deviates() -> bool:
    print("expected: an error where it is declared, or when the app serves its first page")
    try:
        page = Page(program())
    except DashException as refusal:
        print(f"seen: {type(refusal).__name__}: {str(refusal).splitlines()[0]}")
        return False
    trigger = Callback(page).send(1)
    print(f"seen: the page is served with {page.loaded.status_code},")
    print(f"      the first trigger is answered with {trigger.status_code}")
    return page.loaded.status_code == 200 and trigger.status_code == 500
