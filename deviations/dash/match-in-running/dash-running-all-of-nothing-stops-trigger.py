"""Dash: a trigger whose `running` has `ALL` sends no request while no id on the page has its keys."""

import diskcache
from dash import ALL, Dash, DiskcacheManager, Input, Output, html

from deviations.common.browser import browse
from deviations.common.outcome import Undecided
from deviations.common.waiting import Notes

plain, listed = Notes(), Notes()


def program(folder: str) -> Dash:
    """Return an app with two callbacks; one disables the buttons of a list, which is empty, while its job runs."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div(
        [html.Button("run", id="run"), html.Div(id="rows"), html.Div(id="out"), html.Div(id="more")]
    )

    @app.callback(
        Output("more", "children"),
        Input("run", "n_clicks"),
        background=True,
        prevent_initial_call=True,
    )
    def first(n_clicks: int) -> None:
        plain.write("called")

    @app.callback(
        Output("out", "children"),
        Input("run", "n_clicks"),
        background=True,
        running=[(Output({"type": "go", "index": ALL}, "disabled"), True, False)],
        prevent_initial_call=True,
    )
    def second(n_clicks: int) -> None:
        listed.write("called")

    return app


def deviates() -> bool:
    with browse(program) as page:
        page.click("#run")
        if not plain.come(10):
            raise Undecided("the callback without `running` is not called either")
        is_called = listed.come(2)  # it takes a few hundredths of a second
    print("expected: both callbacks are called by the click")
    print(f"seen: the one with `ALL` in `running` is {'called' if is_called else 'not called'}")
    return not is_called
