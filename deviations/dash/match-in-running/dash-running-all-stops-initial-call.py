"""Dash: a callback with `ALL` in `running` is not called when its page is loaded."""

import diskcache
from dash import ALL, Dash, DiskcacheManager, Input, Output, html

from deviations.common.browser import browse
from deviations.common.outcome import Undecided
from deviations.common.waiting import Notes

plain, listed = Notes(), Notes()


def program(folder: str) -> Dash:
    """Return an app with two callbacks; one disables a list of buttons while its job runs."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    button = html.Button(id={"type": "go", "index": 1})
    app.layout = html.Div([html.Button(id="run"), button, html.Div(id="out"), html.Div(id="more")])

    @app.callback(Output("more", "children"), Input("run", "n_clicks"), background=True)
    def first(n_clicks: int) -> None:
        plain.write("called")

    @app.callback(
        Output("out", "children"),
        Input("run", "n_clicks"),
        background=True,
        running=[(Output({"type": "go", "index": ALL}, "disabled"), True, False)],
    )
    def second(n_clicks: int) -> None:
        listed.write("called")

    return app


def deviates() -> bool:
    with browse(program):
        if not plain.come(10):
            raise Undecided("the callback without `running` is not called either")
        is_called = listed.come(2)  # it takes a few hundredths of a second
    print("expected: both callbacks are called when the page is loaded")
    print(f"seen: the one with `ALL` in `running` is {'called' if is_called else 'not called'}")
    return not is_called
