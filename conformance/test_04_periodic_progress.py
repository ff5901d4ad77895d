"""SPEC.md, chapter 4: Periodic progress. Time is the subject here."""

from __future__ import annotations

import math
from typing import Any

import pytest

from callback_conformance.control.timeline import Event
from callback_conformance.page import Page
from callback_conformance.plugin import OpenPage, covers, takes_time
from callback_conformance.scenario import (
    RUNNING,
    SUCCESS,
    Button,
    Text,
    assign,
    give,
    invoke,
    name_thread,
    notify,
    raise_error,
    status,
    wait_at,
)

pytestmark = takes_time

RUN, OUT = Button("run"), Text("out", "before")
WAITING = wait_at("gate") >> give("done")
PERIOD_MS = 500  # the smallest period that every implementation honours
PERIOD_S = PERIOD_MS / 1000
EARLY, LATE = 0.1, 1.0  # what PERIOD-1 allows: a tenth of a period early, a whole period late


def periodic(*parameters: str, **more: Any) -> Any:
    """An action that invokes a job with a period."""
    handler = status(*(parameters or ("state", "status")))
    options = {"job": WAITING, "period_ms": PERIOD_MS, "status": handler, **more}
    return invoke(trigger="run", **options)


def news(page: Page) -> list[Event]:
    """The periodic statuses so far."""
    return [event for event in page.events.named("status") if not is_final(event)]


def is_final(event: Event) -> bool:
    """True for a final status."""
    return isinstance(event.facts["status"], bool)


def goes_on_until(page: Page, count: int) -> list[Event]:
    """Wait until so many periodic statuses have come."""
    page.events.wait_for("status", lambda event: len(news(page)) >= count)
    return news(page)


@covers("PERIOD-1")
def test_a_status_comes_once_in_each_period_while_the_job_runs(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, periodic(parameters=("state", "id", "action")))
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    # The job is invoked after its action was called, and before it starts.
    called, started = page.events.wait_for("action").at, page.events.wait_for("starts").at
    statuses = [event.at for event in goes_on_until(page, 4)]
    due = [at for at in statuses if at > started + PERIOD_S / 2]  # a status at once is allowed
    for number, at in enumerate(due, start=1):
        earliest, latest = (number - EARLY) * PERIOD_S, (number + LATE) * PERIOD_S
        assert at - called >= earliest, f"seconds from the action to status {number} of {due}"
        assert at - started <= latest, f"seconds from the job's start to status {number} of {due}"
    job.release("gate")
    page.events.wait_for("status", is_final)


@covers("PERIOD-1")
def test_a_status_comes_while_the_job_runs_to_a_function_that_takes_the_result_by_name(
    open_page: OpenPage,
) -> None:
    page = open_page(RUN, OUT, periodic("state", "status", "*", "result"))
    page.click("run")
    page.next_job().wait_for_gate("gate")
    goes_on_until(page, 2)


@covers("PERIOD-2")
def test_a_periodic_status_is_no_bool(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, periodic())
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    goes_on_until(page, 2)
    assert not any(is_final(event) for event in page.events.named("status")), (
        "a bool while the job runs"
    )
    job.release("gate")
    page.events.wait_for("status", is_final)


@covers("PERIOD-3")
def test_no_periodic_status_follows_the_final_one(open_page: OpenPage) -> None:
    slow = status("state", "status", does=[(SUCCESS, wait_at("slow"))])
    page = open_page(RUN, OUT, periodic(status=slow))
    telling = page.server.hold("slow")
    page.click("run")
    page.next_job().release("gate")
    end = page.events.wait_for("status", is_final)
    telling.wait_for_hits()
    page.go_on_for(seconds=3 * PERIOD_S)  # the final status is still being reported
    telling.release()
    page.go_on_for(seconds=2 * PERIOD_S)
    late = [str(event) for event in news(page) if event.at > end.at]
    assert late == [], "periodic statuses after the final one"


@covers("PERIOD-4")
def test_the_final_status_does_not_wait_for_the_period(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, periodic(period_ms=60_000))
    page.click("run")
    page.next_job().release("gate")
    page.events.wait_for("status", is_final)


@covers("PERIOD-5")
def test_each_periodic_status_receives_the_arguments(open_page: OpenPage) -> None:
    page = open_page(
        RUN, OUT, periodic("state", "status", "first", "second", status_arguments=("one", 2))
    )
    page.click("run")
    page.next_job().wait_for_gate("gate")
    received = [(e.facts["first"], e.facts["second"]) for e in goes_on_until(page, 2)]
    assert set(received) == {("one", 2)}, "the arguments of each periodic status"


@covers("PERIOD-5")
def test_each_periodic_status_receives_the_arguments_around_the_result(
    open_page: OpenPage,
) -> None:
    parameters = ("state", "status", "first", "result", "second")
    page = open_page(RUN, OUT, periodic(*parameters, status_arguments=("one", 2)))
    page.click("run")
    page.next_job().wait_for_gate("gate")
    received = {(e.facts["first"], e.facts["second"]) for e in goes_on_until(page, 2)}
    assert received == {("one", 2)}, "the arguments of each periodic status"


@covers("PERIOD-6")
def test_a_notification_of_a_periodic_status_arrives_before_the_next_is_due(
    open_page: OpenPage,
) -> None:
    handler = status("state", "status", does=notify("info", "still running", RUNNING))
    page = open_page(RUN, OUT, periodic(status=handler))
    page.click("run")
    page.next_job().wait_for_gate("gate")
    page.expect_notification("info", "still running")
    goes_on_until(page, 4)
    following = [event.at for event in news(page)][1:4]
    shown = [event.at for event in page.events.named("notifies")]
    assert len(shown) >= len(following), "notifications of the periodic statuses before the last"
    for shown_at, next_at in zip(shown, following, strict=False):
        assert shown_at < next_at, "the next periodic status came before a notification"


@covers("STATUS-11")
def test_an_argument_never_stands_in_the_place_of_the_result_of_a_running_job(
    open_page: OpenPage,
) -> None:
    page = open_page(
        RUN, OUT, periodic("state", "status", "result", status_arguments=("argument",))
    )
    page.click("run")
    page.next_job().wait_for_gate("gate")
    received = [event.facts["result"] for event in goes_on_until(page, 2)]
    assert "argument" not in received, "the parameter named result"


@covers("PERIOD-7")
def test_a_status_function_that_raised_is_called_again(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, periodic(status=status("state", "status", does=raise_error("no"))))
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    goes_on_until(page, 3)
    job.release("gate")
    assert page.events.wait_for("status", is_final).facts["status"] is True, "the final status"


@covers("PERIOD-8")
@pytest.mark.parametrize("kind", ["method", "lambda", "partial", "object", "coroutine"])
def test_a_status_function_of_any_kind_of_callable_is_called_periodically(
    open_page: OpenPage, kind: str
) -> None:
    page = open_page(RUN, OUT, periodic(status=status("state", "status", kind=kind)))
    page.click("run")
    page.next_job().wait_for_gate("gate")
    goes_on_until(page, 2)


@covers("PERIOD-9")
def test_a_job_that_names_its_thread_is_reported_as_running(open_page: OpenPage) -> None:
    naming = wait_at("start") >> name_thread("worker") >> WAITING
    page = open_page(RUN, OUT, periodic(job=naming))
    page.click("run")
    job = page.next_job().wait_for_gate("start")
    page.network.wait_for_answer()
    job.release("start").wait_for_gate("gate")
    before = len(news(page))
    goes_on_until(page, before + 2)


@covers("STATUS-26")
def test_a_running_job_gives_no_result(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, periodic("state", "status", 'result="none yet"'))
    page.click("run")
    page.next_job().wait_for_gate("gate")
    received = {event.facts["result"] for event in goes_on_until(page, 2)}
    assert received <= {None, "none yet"}, "the parameter for the result"


@covers("PERIOD-10")
def test_what_is_assigned_at_a_periodic_status_is_shown_before_the_next_is_due(
    open_page: OpenPage,
) -> None:
    handler = status("state", "status", does=assign("out.children", "status {status}", RUNNING))
    page = open_page(RUN, OUT, periodic(status=handler))
    page.click("run")
    page.next_job().wait_for_gate("gate")
    due = {f"status {e.facts['status']}": e.at for e in goes_on_until(page, 4)[:3]}
    shown = {
        e.facts["value"]: e.at for e in reversed(page.events.named("shows"))
    }  # each value's first time
    late = {text for text, at in due.items() if shown.get(text, math.inf) - at > PERIOD_S}
    assert late == set(), "values that were not shown before the next status was due"
