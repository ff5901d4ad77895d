"""Dash: `running` with `MATCH` does nothing when an input without `MATCH` triggers the callback."""

import diskcache
from dash import MATCH, Dash, DiskcacheManager, Input, Output, html
from playwright.sync_api import Page

from deviations.common.browser import appears, browse
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


def disables(page: Page, selector: str) -> bool:
    """Click on a button, wait for the job, and tell whether the row's button is disabled, or is soon."""
    with page.expect_response("**/_dash-update-component*"):
        page.click(selector)
    gate.reached()
    is_disabled = appears(page, ".run:disabled", 1000)  # 10 polls' time
    gate.open()
    page.wait_for_selector(".run:enabled")
    return is_disabled


def deviates() -> bool:
    with browse(program) as page:
        own, of_all = disables(page, ".run"), disables(page, "#all")
    if not own:
        raise Undecided("the button is not disabled by its own click")
    print("expected: the row's button is disabled while its job runs, whichever button started it")
    print(f"seen: started by the row's own button: {own}; by the button for all rows: {of_all}")
    return not of_all
