"""Dash: an option that no callback knows is accepted, and nothing comes of it."""

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, html

from deviations.common.dash_page import page_of
from deviations.common.outcome import Undecided


def program(folder: str) -> Dash:
    """Return an app whose author has misspelt `cancel`."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Button(id="stop"), html.Div(id="out")])

    @app.callback(
        Output("out", "children"),
        Input("run", "n_clicks"),
        background=True,
        cancell=[Input("stop", "n_clicks")],
    )
    def job(n_clicks: int) -> str:
        return "done"

    return app


def deviates() -> bool:
    print("expected: an error that names cancell")
    try:
        with page_of(program) as page:
            status = page.loaded.status_code
    except Exception as error:
        if "cancell" not in str(error):
            raise
        print(f"seen: {type(error).__name__}: {error}")
        return False
    print(f"seen: the page is served with {status}")
    if status != 200:
        raise Undecided("the page is not served")
    return True
