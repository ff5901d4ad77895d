"""Dash: a dictionary that a job returns is sent to the page as if it were a Patch."""

from typing import Any

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, Patch, html

from deviations.common.dash_page import Callback, Page, page_of

VALUE = {"__dash_patch_update": "__dash_patch_update", "operations": []}


def program(folder: str) -> Dash:
    """Return an app with two jobs: one returns a dictionary, one an empty Patch."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="run"), html.Div(id="value"), html.Div(id="patch")])

    @app.callback(Output("value", "children"), Input("run", "n_clicks"), background=True)
    def value(n_clicks: int) -> Any:
        return VALUE

    @app.callback(Output("patch", "children"), Input("run", "n_clicks"), background=True)
    def patch(n_clicks: int) -> Any:
        return Patch()

    return app


def sent(page: Page, component: str) -> Any:
    """Return what the page gets for a component, once its job has ended."""
    answer = Callback(page, f"{component}.children").result().json
    return answer["response"][component]["children"]


def deviates() -> bool:
    with page_of(program) as page:
        value, patch = sent(page, "value"), sent(page, "patch")
    print("expected: the page can tell the dictionary from the Patch, which changes nothing")
    print(f"seen: the dictionary is sent as {value},")
    print(f"      the Patch as {patch}")
    return value == patch
