"""SPEC.md, appendix D: The documents' programs. Those of Taipy: the guide and the article show the same four.

What a program leaves out is filled in the smallest way; what takes time waits at a gate, and fails when the test says so.
"""

from __future__ import annotations

from typing import Any

import pytest

from callback_conformance.page import Page
from callback_conformance.plugin import OpenPage, covers, only, takes_time
from callback_conformance.scenario import (
    FAILURE,
    RUNNING,
    SUCCESS,
    Button,
    Text,
    arg,
    assign,
    give,
    if_word,
    invoke,
    notify,
    raise_error,
    status,
    wait_at,
)

RUN = Button("run", children="Run")
RESULT = Text("result", None)
TIME = "something that takes time"
HEAVY = wait_at(TIME) >> if_word("fail", raise_error("somehow")) >> give("result of {number}")
PERIOD_S = 5
EARLY, LATE = 0.1, 1.0  # as in chapter 4, in periods

#: The word of the notifications in which the documents' programs differ.
of_both = pytest.mark.parametrize("what", ["function", "task"], ids=["guide", "article"])


def heavy(**more: Any) -> Any:
    """The action that invokes ``heavy_function`` with one argument."""
    return invoke(trigger="run", job=HEAVY, literal_arguments=[5], takes=("number",), **more)


def notifying(what: str, *parameters: str, fails: str = "", between: Any = ()) -> Any:
    """``heavy_function_status``, which distinguishes success from failure."""
    finished = notify("success", f"The heavy {what} has finished!", SUCCESS)
    failed = notify("error", f"The heavy {what} has failed{fails}", FAILURE)
    return status("state", "status", *parameters, does=[finished, *between, failed])


def finishes(page: Page, what: str) -> None:
    """The job that runs returns, and the page notifies its user."""
    page.next_job().release(TIME)
    page.expect_notification("success", f"The heavy {what} has finished!")


def fails(page: Page, what: str, somehow: str = "") -> None:
    """The next job raises, and the page notifies its user."""
    page.click("run")
    page.next_job().release(TIME, "fail")
    page.expect_notification("error", f"The heavy {what} has failed{somehow}")


@of_both
@covers("BG-18")
def test_a_heavy_function_is_started(open_page: OpenPage, what: str) -> None:
    page = open_page(RUN, heavy(first=notify("info", f"Heavy {what} started")))
    page.click("run")
    job = page.next_job().wait_for_gate(TIME)
    page.expect_notification("info", f"Heavy {what} started")
    assert job.arguments == {"number": 5}, "the heavy function's arguments"
    job.release(TIME).wait_for_end()


@of_both
@covers("STATUS-6")
def test_a_status_function_tells_success_from_failure(open_page: OpenPage, what: str) -> None:
    page = open_page(RUN, heavy(status=notifying(what), parameters=("state", "id", "action")))
    page.click("run")
    finishes(page, what)
    fails(page, what)


@only("taipy")
@of_both
@covers("RESULT-1")
def test_the_result_is_shown_after_success_alone(open_page: OpenPage, what: str) -> None:
    between = [assign("result.children", arg("result"), SUCCESS)]
    page = open_page(RUN, RESULT, heavy(status=notifying(what, "result", between=between)))
    fails(page, what)
    page.expect_unchanged("result.children", None)
    page.click("run")
    finishes(page, what)
    page.expect_value("result.children", "result of 5")


@takes_time
@of_both
@covers("PERIOD-1")
def test_a_status_function_tells_every_five_seconds_that_the_job_runs(
    open_page: OpenPage, what: str
) -> None:
    still = f"The heavy {what} is still running..."
    handler = notifying(what, fails=" somehow.", between=[notify("info", still, RUNNING)])
    more = {"status_arguments": ("one",), "period_ms": PERIOD_S * 1000}
    page = open_page(RUN, heavy(status=handler, **more))
    page.click("run")
    began = page.events.wait_for("starts").at
    first = page.events.wait_for("status", lambda event: event.at - began > PERIOD_S / 2)
    elapsed = first.at - began  # a status at once is allowed, and does not count
    assert (1 - EARLY) * PERIOD_S <= elapsed <= (1 + LATE) * PERIOD_S, "seconds until the status"
    page.expect_notification("info", still)
    finishes(page, what)
    fails(page, what, " somehow.")
