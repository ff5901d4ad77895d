"""Dash: a callback with `MATCH` in `running` is accepted and never called."""

import diskcache
from dash import MATCH, Dash, DiskcacheManager, Input, Output, html
from playwright.sync_api import Page

from deviations.common.browser import browse
from deviations.common.outcome import Undecided
from deviations.common.waiting import Notes

starts = Notes()


def program(folder: str) -> Dash:
    """Return an app with a row of either callback."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([])

    def row(name: str, **options: object) -> None:
        button, out = {"type": name, "index": 1}, {"type": f"{name}-out", "index": 1}
        app.layout.children += [html.Button(id=button, className=name), html.Div(id=out)]

        @app.callback(
            Output({"type": f"{name}-out", "index": MATCH}, "children"),
            Input({"type": name, "index": MATCH}, "n_clicks"),
            background=True,
            prevent_initial_call=True,
            interval=100,
            **options,
        )
        def job(n_clicks: int) -> None:
            starts.write(name)

    row("plain")
    row("noted", running=[(Output({"type": "noted", "index": MATCH}, "title"), "busy", "over")])
    return app


def starts_job(page: Page, selector: str) -> bool:
    """Click on a button, and tell whether its job starts."""
    page.click(selector)
    if not starts.come(5):  # a start takes a tenth of a second
        return False
    starts.read()
    return True


def deviates() -> bool:
    with browse(program) as page:
        plain, noted = starts_job(page, ".plain"), starts_job(page, ".noted")
    if not plain:
        raise Undecided("the job of the plain row did not start")
    print("expected: the jobs of both rows start")
    print(f"seen: without `running`: {plain}, with it: {noted}")
    return not noted
