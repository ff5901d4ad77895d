"""SPEC.md, chapter 3: Status callbacks."""

from __future__ import annotations

from typing import Any

import pytest

from harness.pages import Notification, Page
from harness.plugin import OpenPage, covers
from harness.scenario import (
    FAILURE,
    SUCCESS,
    Button,
    Field,
    Job,
    Step,
    Text,
    announce,
    arg,
    assign,
    exit_quietly,
    give,
    invoke,
    notify,
    ordinary,
    raise_error,
    status,
    wait_at,
)
from harness.timeline import Event

RUN, OUT = Button("run"), Text("out", "before")
RETURNS = wait_at("gate") >> give("done")
RAISES = wait_at("gate") >> raise_error("no")
CALLABLES = ["function", "method", "lambda", "partial", "object"]


def reported(job: Job = RETURNS, *parameters: str, **more: Any) -> Any:
    """An action that invokes ``job`` with a status function that has these parameters."""
    given = {"status": status(*(parameters or ("state", "status"))), **more}
    return invoke(trigger="run", job=job, **given)


def final(page: Page) -> Event:
    """Wait for the final status."""
    return page.waits_for("status", lambda event: isinstance(event.facts["status"], bool))


def finish(page: Page) -> Event:
    """Trigger the job, let it end, and wait for its final status."""
    page.click("run")
    page.next_job().release("gate")
    return final(page)


@covers("STATUS-1")
@pytest.mark.parametrize("value", ["done", None, 0, False], ids=repr)
def test_the_final_status_of_a_job_that_returned_is_true(open_page: OpenPage, value: Any) -> None:
    page = open_page(RUN, OUT, reported(wait_at("gate") >> give(value)))
    assert finish(page).facts["status"] is True, "the final status"


@covers("STATUS-2")
def test_the_final_status_of_a_job_that_raised_is_false(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, reported(RAISES))
    assert finish(page).facts["status"] is False, "the final status"


@covers("STATUS-3")
@pytest.mark.parametrize("job", [RETURNS, RAISES], ids=["returns", "raises"])
def test_a_job_reports_one_final_status(open_page: OpenPage, job: Job) -> None:
    page = open_page(RUN, OUT, reported(job))
    page.click("run")
    page.next_job().release("gate")
    final(page)
    page.click("run")  # whatever the first job had to say is said when the second has ended
    page.next_job().release("gate")
    page.waits_for("status", lambda event: len(page.said("status")) >= 2)
    page.fence()
    assert len(page.said("status")) == 2, "calls of the status function for two jobs"


@covers("STATUS-4")
@pytest.mark.parametrize("job", [RETURNS, RAISES], ids=["returns", "raises"])
def test_the_final_status_waits_for_the_end_of_the_job(open_page: OpenPage, job: Job) -> None:
    page = open_page(RUN, OUT, reported(job))
    page.click("run")
    run = page.next_job().reaches("gate")
    page.fence()
    assert page.said("status") == [], "statuses before the job's end"
    run.release("gate")
    final(page)


@covers("STATUS-5")
@pytest.mark.parametrize("job", [RETURNS, RAISES], ids=["returns", "raises"])
def test_a_two_way_handler_is_called_once_and_after_the_end(open_page: OpenPage, job: Job) -> None:
    steps = [notify("success", "finished", SUCCESS), notify("error", "failed", FAILURE)]
    handler = status("state", "status", does=steps)
    page = open_page(RUN, OUT, reported(job, status=handler))
    page.click("run")
    page.next_job().release("gate")
    shown = (
        Notification("success", "finished") if job is RETURNS else Notification("error", "failed")
    )
    page.notifies(shown.kind, shown.message)
    page.fence()
    assert list(page.notifications) == [shown], "the notifications that the user saw"
    assert len(page.said("status")) == 1, "calls of the status function"


@covers("STATUS-6")
@pytest.mark.parametrize("job", [RETURNS, RAISES], ids=["returns", "raises"])
def test_a_notification_of_a_status_function_reaches_the_page(
    open_page: OpenPage, job: Job
) -> None:
    steps = [notify("success", "finished", SUCCESS), notify("error", "failed", FAILURE)]
    page = open_page(RUN, OUT, reported(job, status=status("state", "status", does=steps)))
    page.click("run")
    page.next_job().release("gate")
    page.notifies(*(("success", "finished") if job is RETURNS else ("error", "failed")))


@covers("STATUS-7")
@pytest.mark.parametrize("job", [RETURNS, RAISES], ids=["returns", "raises"])
def test_what_a_status_function_assigns_is_shown(open_page: OpenPage, job: Job) -> None:
    steps = [assign("out.children", "good", SUCCESS), assign("out.children", "bad", FAILURE)]
    page = open_page(RUN, OUT, reported(job, status=status("state", "status", does=steps)))
    page.click("run")
    page.next_job().release("gate")
    page.shows("out.children", "good" if job is RETURNS else "bad")


@covers("STATUS-8")
@pytest.mark.parametrize("job", [RETURNS, RAISES], ids=["returns", "raises"])
def test_a_status_function_receives_its_arguments_in_order(open_page: OpenPage, job: Job) -> None:
    action = reported(job, "state", "status", "first", "second", status_arguments=("one", 2))
    page = open_page(RUN, OUT, action)
    facts = finish(page).facts
    assert (facts["first"], facts["second"]) == ("one", 2), "the status function's arguments"


@covers("STATUS-9")
def test_the_result_follows_the_arguments(open_page: OpenPage) -> None:
    action = reported(RETURNS, "state", "status", "first", "value", status_arguments=("one",))
    page = open_page(RUN, OUT, action)
    facts = finish(page).facts
    assert (facts["first"], facts["value"]) == ("one", "done"), "the argument, then the result"


@covers("STATUS-10")
@pytest.mark.parametrize(
    ("parameters", "arguments"),
    [
        (("state", "status", "first", "result"), ("one",)),
        (("state", "status", "result", "first"), ("one",)),
    ],
    ids=["last", "between"],
)
def test_a_parameter_named_result_receives_the_result(
    open_page: OpenPage, parameters: tuple[str, ...], arguments: tuple[str, ...]
) -> None:
    page = open_page(RUN, OUT, reported(RETURNS, *parameters, status_arguments=arguments))
    assert finish(page).facts["result"] == "done", "the parameter named result"


@covers("STATUS-11")
@pytest.mark.parametrize("job", [RETURNS, RAISES], ids=["returns", "raises"])
def test_an_argument_never_stands_in_the_place_of_the_result(open_page: OpenPage, job: Job) -> None:
    action = reported(job, "state", "status", "result", status_arguments=("argument",))
    page = open_page(RUN, OUT, action)
    assert finish(page).facts["result"] != "argument", "the parameter named result"


@covers("STATUS-8")
def test_the_arguments_come_in_order_around_the_result(open_page: OpenPage) -> None:
    names = ("state", "status", "first", "result", "second")
    page = open_page(RUN, OUT, reported(RETURNS, *names, status_arguments=("one", 2)))
    facts = finish(page).facts
    assert (facts["first"], facts["second"]) == ("one", 2), "the status function's arguments"


@covers("STATUS-12")
def test_a_status_function_without_room_for_its_arguments_is_called(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, reported(RETURNS, status_arguments=("one", 2)))
    assert finish(page).facts["status"] is True, "the final status"


@covers("STATUS-13")
@pytest.mark.parametrize(
    "end",
    [
        exit_quietly(),
        raise_error("stop", "KeyboardInterrupt"),
        raise_error("stop", "BaseException"),
    ],
    ids=["SystemExit", "KeyboardInterrupt", "BaseException"],
)
def test_a_job_that_ends_by_an_exit_reports_failure(open_page: OpenPage, end: Step) -> None:
    page = open_page(RUN, OUT, reported(wait_at("gate") >> end))
    page.click("run")
    page.next_job().release("gate")
    assert final(page).facts["status"] is False, "the final status"


@covers("STATUS-14")
def test_a_job_that_cannot_be_called_reports_failure(open_page: OpenPage) -> None:
    action = reported(RETURNS, arguments=("name.value",), takes=("name", "one_that_nobody_gives"))
    page = open_page(RUN, OUT, Field("name", "Ada"), action)
    page.click("run")
    assert final(page).facts["status"] is False, "the final status"


@covers("STATUS-15")
@pytest.mark.parametrize("job", [RETURNS, RAISES], ids=["returns", "raises"])
@pytest.mark.parametrize("kind", CALLABLES)
def test_a_job_of_any_kind_of_callable_reports_its_end(
    open_page: OpenPage, kind: str, job: Job
) -> None:
    page = open_page(RUN, OUT, reported(job, kind=kind))
    page.click("run")
    page.next_job().release("gate")
    assert final(page).facts["status"] is (job is RETURNS), "the final status"


@covers("STATUS-16")
@pytest.mark.parametrize("kind", CALLABLES)
def test_a_status_function_of_any_kind_of_callable_is_called(
    open_page: OpenPage, kind: str
) -> None:
    handler = status("state", "status", kind=kind)
    page = open_page(RUN, OUT, reported(RETURNS, status=handler))
    page.click("run")
    page.next_job().release("gate")
    assert final(page).facts["status"] is True, "the final status"


@covers("STATUS-17")
def test_a_later_action_finds_what_a_status_function_assigned(open_page: OpenPage) -> None:
    handler = status(
        "state", "status", "result", does=assign("out.children", arg("result"), SUCCESS)
    )
    echo = ordinary(
        output="echo.children", inputs="ask.n_clicks", state="out.children", job=give("{out}!")
    )
    page = open_page(RUN, OUT, Button("ask"), Text("echo"), reported(RETURNS, status=handler), echo)
    page.click("run")
    page.next_job().release("gate")
    page.shows("out.children", "done")
    page.click("ask")
    page.shows("echo.children", "done!")


@covers("STATUS-18")
@pytest.mark.parametrize(
    "parameters",
    [
        (),
        ("state",),
        ("state", "*args"),
        ("*args",),
        ("state", "status", "**options"),
        ("state", "status", "first=1", "second=2", "third=3"),
    ],
    ids=["none", "state", "args", "args-alone", "options", "defaults"],
)
def test_a_status_function_is_called_whatever_it_leaves_out(
    open_page: OpenPage, parameters: tuple[str, ...]
) -> None:
    handler = status(*parameters, does=announce("told"))
    page = open_page(RUN, OUT, reported(status=handler, status_arguments=("one",)))
    page.click("run")
    page.next_job().release("gate")
    page.waits_for("told")
