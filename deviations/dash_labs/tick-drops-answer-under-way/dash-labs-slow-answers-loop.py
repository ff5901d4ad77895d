"""Dash Labs: a job runs again and again where answers take longer than the interval."""

import time
from typing import Any

import dash_html_components as html
import dash_labs as dl
import flask
from playwright.sync_api import Page

from deviations.common.browser import appears, browse
from deviations.common.labs import labs_app, labs_manager
from deviations.common.outcome import Undecided
from deviations.common.waiting import Notes

executions = Notes()


def program(folder: str) -> Any:
    """Return an app with two callbacks, whose intervals are longer and shorter than its answers take."""
    app = labs_app(labs_manager(folder))
    app.layout = html.Div(
        [html.Button(id=f"run-{ms}") for ms in (1000, 100)]
        + [html.Div(id=f"out-{ms}") for ms in (1000, 100)]
    )
    for ms in (1000, 100):

        @app.long_callback(
            output=dl.Output(f"out-{ms}", "children"),
            args=dl.Input(f"run-{ms}", "n_clicks"),
            interval=ms,
        )
        def job(n_clicks: int) -> str:
            executions.write("executed")
            return "done"

    @app.server.after_request
    def answer_slowly(response: object) -> object:
        time.sleep(0.3 * flask.request.path.endswith("/_dash-update-component"))
        return response

    return app


def outcome(page: Page, ms: int, seconds: int) -> "tuple[bool, int]":
    """Click once; return whether the result is shown within this time, and how often the job was executed."""
    page.click(f"#run-{ms}")
    shown = appears(page, f"#out-{ms}:text('done')", 1000 * seconds)
    count = 0
    while executions.come(0):
        executions.read()
        count += 1
    return shown, count


def deviates() -> bool:
    with browse(program) as page:
        if outcome(page, 1000, seconds=10) != (True, 1):
            raise Undecided("an interval of a second does not show the result of one execution")
        shown, count = outcome(page, 100, seconds=4)  # 40 intervals
        page.goto("about:blank")  # no tick starts a job any more
    print("expected: the result is shown, and the job is executed once")
    print(f"seen: the result is {'' if shown else 'not '}shown; the job is executed {count} times")
    return not shown or count > 1
