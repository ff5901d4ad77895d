"""Pages in Chromium whose answers take longer than the interval of a hidden timer."""

import time
from collections.abc import Callable
from typing import Any

import flask
from playwright.sync_api import Page

from deviations.common.browser import appears, browse
from deviations.common.outcome import Undecided
from deviations.common.waiting import Notes


def answer_slowly(response: Any) -> Any:
    """To be called after each request of an app: an answer for a callback takes 0.3 s."""
    time.sleep(0.3 * flask.request.path.endswith("/_dash-update-component"))
    return response


def clicked_once(page: Page, executions: Notes, ms: int, seconds: int) -> "tuple[bool, int]":
    """Click once; return whether the result is shown within this time, and how often the job was executed."""
    page.click(f"#run-{ms}")
    shown = appears(page, f"#out-{ms}:text('done')", 1000 * seconds)
    count = 0
    while executions.come(0):
        executions.read()
        count += 1
    return shown, count


def runs_again(program: Callable[..., Any], executions: Notes) -> bool:
    """Tell whether the job with an interval of 100 ms is executed again, or its result not shown."""
    with browse(program) as page:
        if clicked_once(page, executions, 1000, seconds=10) != (True, 1):
            raise Undecided("an interval of a second does not show the result of one execution")
        shown, count = clicked_once(page, executions, 100, seconds=4)  # 40 intervals
        page.goto("about:blank")  # no tick starts a job any more
    print("expected: the result is shown, and the job is executed once")
    print(f"seen: the result is {'' if shown else 'not '}shown; the job is executed {count} times")
    return not shown or count > 1
