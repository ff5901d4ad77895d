"""Dash: a background callback without output is accepted, and no callback of its page is called."""

import tempfile

import diskcache
from dash import Dash, DiskcacheManager, Input, Output, html
from playwright.sync_api import Page, TimeoutError

from deviations.common.browser import browse
from deviations.common.outcome import Undecided
from deviations.common.waiting import Notes

starts = Notes()
STARTED = "its job starts"


def program(folder: str, both: bool) -> Dash:
    """Return an app with a callback that has an output, or with both kinds."""
    app = Dash(background_callback_manager=DiskcacheManager(diskcache.Cache(folder)))
    app.layout = html.Div([html.Button(id="plain"), html.Button(id="mute"), html.Div(id="out")])
    options = {"background": True, "prevent_initial_call": True, "interval": 100}

    @app.callback(Output("out", "children"), Input("plain", "n_clicks"), **options)
    def plain(n_clicks: int) -> None:
        starts.write("plain")

    if both:

        @app.callback(inputs=[Input("mute", "n_clicks")], **options)
        def mute(n_clicks: int) -> None:
            starts.write("mute")

    return app


def effect(page: Page, selector: str) -> str:
    """Click on a button, and return what comes of it."""
    try:
        page.click(selector, timeout=5000)  # a page is there after half a second
    except TimeoutError:
        return "no button is shown"
    if not starts.come(3):  # a start takes a tenth of a second
        return "no job starts"
    starts.read()
    return STARTED


def deviates() -> bool:
    print("expected: a callback without output is refused, or its job starts")
    with browse(program, False) as page:
        if effect(page, "#plain") != STARTED:
            raise Undecided("the job of the callback with an output did not start")
    with tempfile.TemporaryDirectory() as folder:
        try:
            program(folder, True)
        except Exception as refusal:
            print(f"seen: {type(refusal).__name__}: {refusal}")
            return False
    with browse(program, True) as page:
        mute, plain = effect(page, "#mute"), effect(page, "#plain")
    print(f"seen: without output: {mute}; with an output, beside it: {plain}")
    return mute != STARTED
