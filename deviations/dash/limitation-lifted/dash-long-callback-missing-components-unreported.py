"""Dash: missing components of a long callback are not reported."""

import diskcache
from dash import Dash, html
from dash.dependencies import Input, Output
from dash.long_callback import DiskcacheLongCallbackManager

from deviations.common.long_callback import long_callback_page


def program(folder: str) -> Dash:
    """Return an app whose callback names components that are in no layout."""
    manager = DiskcacheLongCallbackManager(diskcache.Cache(folder))
    app = Dash(long_callback_manager=manager, suppress_callback_exceptions=True)
    app.layout = html.Div(id="place")

    @app.long_callback(
        output=Output("out", "children"),
        inputs=Input("run", "n_clicks"),
        prevent_initial_call=True,
    )
    def job(n_clicks: int) -> str:
        return "done"

    return app


def deviates() -> bool:
    with long_callback_page(program) as page:
        text = page.http.get("/").get_data(as_text=True)
    print("expected: an error")
    print(f"seen: a page with {len(page.callbacks)} callback")
    return '"suppress_callback_exceptions":true' in text.replace(" ", "")
