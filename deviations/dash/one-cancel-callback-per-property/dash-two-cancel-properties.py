"""Dash: two cancel Inputs of one component are reported as an error."""

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, html

from deviations.common.browser import appears, browse


def program(folder: str) -> Dash:
    """Return an app whose job is cancelled by two properties of one button."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    buttons = [html.Button(button, id=button) for button in ("run", "stop")]
    app.layout = html.Div([*buttons, html.Div(id="out")])

    @app.callback(
        Output("out", "children"),
        Input("run", "n_clicks"),
        background=True,
        prevent_initial_call=True,
        cancel=[Input("stop", "n_clicks"), Input("stop", "title")],
    )
    def job(n_clicks: int) -> str:
        return "done"

    app.enable_dev_tools(debug=True, dev_tools_hot_reload=False)  # as `app.run(debug=True)`
    return app


def deviates() -> bool:
    with browse(program) as page:
        has_error = appears(page, "text=Duplicate callback outputs", 3000)
    print("expected: the page reports no error, as the program declares each output once")
    print(f"seen: {'an error: Duplicate callback outputs' if has_error else 'no error'}")
    return has_error
