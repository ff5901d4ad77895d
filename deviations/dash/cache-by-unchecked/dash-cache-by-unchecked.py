"""Dash: a `cache_by` that holds no function is accepted, and each trigger fails."""

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, html

from deviations.common.dash_page import callback_of
from deviations.common.outcome import Undecided


def program(folder: str) -> Dash:
    """Return an app whose manager has a number in its `cache_by`."""
    manager = DiskcacheManager(diskcache.Cache(folder), cache_by=[1])
    app = Dash(background_callback_manager=manager)
    app.layout = html.Div([html.Button(id="run"), html.Div(id="out")])

    @app.callback(Output("out", "children"), Input("run", "n_clicks"), background=True)
    def job(n_clicks: int) -> str:
        return "done"

    return app


def deviates() -> bool:
    print("expected: an error where the manager is created, that names cache_by")
    try:
        with callback_of(program) as callback:
            page, trigger = callback.page.loaded.status_code, callback.send(1).status_code
    except Exception as error:
        print(f"seen: {type(error).__name__}: {error}")
        return False
    print(f"seen: the page is served with {page}, the first trigger is answered with {trigger}")
    if (page, trigger) != (200, 500):
        raise Undecided("expected 200 and 500")
    return True
