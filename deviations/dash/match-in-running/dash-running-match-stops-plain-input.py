"""Dash: a callback with `MATCH` in `running` is not called when an input without `MATCH` triggers it."""

import diskcache
from dash import MATCH, Dash, DiskcacheManager, Input, Output, html
from playwright.sync_api import Page

from deviations.common.browser import browse
from deviations.common.outcome import Undecided
from deviations.common.waiting import Gate

gate = Gate()


def program(folder: str) -> Dash:
    """Return an app with one row, whose button is disabled while its job runs."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    button, out = {"type": "run", "index": 1}, {"type": "out", "index": 1}
    row = [html.Button(id=button, className="run"), html.Div(id=out)]
    app.layout = html.Div([html.Button("all", id="all"), *row])

    @app.callback(
        Output({"type": "out", "index": MATCH}, "children"),
        Input({"type": "run", "index": MATCH}, "n_clicks"),
        Input("all", "n_clicks"),
        background=True,
        prevent_initial_call=True,
        running=[(Output({"type": "run", "index": MATCH}, "disabled"), True, False)],
        interval=100,
    )
    def job(n_clicks: int, all_clicks: int) -> None:
        gate.wait()

    return app


def starts(page: Page, selector: str) -> bool:
    """Click on a button, and tell whether a job starts; let it end."""
    page.click(selector)
    if not gate.arrivals.come(2):  # it takes a few hundredths of a second
        return False
    gate.reached()
    gate.open()
    page.wait_for_selector(".run:enabled")
    return True


def deviates() -> bool:
    with browse(program) as page:
        own, of_all = starts(page, ".run"), starts(page, "#all")
    if not own:
        raise Undecided("the button of the row starts no job either")
    print("expected: a click on either button starts the job of the row")
    print(f"seen: on the row's own button: {own}; on the button for all rows: {of_all}")
    return not of_all
