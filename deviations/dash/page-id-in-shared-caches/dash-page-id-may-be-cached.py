"""Dash: the index holds the id of one page load, and a shared cache may keep it."""

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, html

from deviations.common.dash_page import page_of
from deviations.common.waiting import Gate

gate = Gate()  # no job gets there


def program(folder: str) -> Dash:
    """Return an app whose job waits."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Button(id="cancel"), html.Div(id="out")])

    @app.callback(
        Output("out", "children"),
        Input("run", "n_clicks"),
        cancel=[Input("cancel", "n_clicks")],
        background=True,
    )
    def job(n_clicks: int) -> str:
        gate.wait()
        return "done"

    return app


def deviates() -> bool:
    with page_of(program) as page:
        first, second = page.loaded, page.http.get("/")
    differ = first.get_data() != second.get_data()
    says = first.headers.get("Cache-Control", "nothing")
    print("expected: an index that differs from load to load is not for shared caches")
    print(
        f"seen: two loads {'differ' if differ else 'are equal'}, and their answers say {says} of caches"
    )
    return differ and not any(word in says for word in ("no-store", "private", "no-cache"))
