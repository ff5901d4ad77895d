"""SPEC.md, chapter 3: Status callbacks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import strategies as st

from callback_conformance.control.timeline import Event
from callback_conformance.page import Page
from callback_conformance.plugin import OpenPage, covers
from callback_conformance.plugin.strategies import VALUES, drawn
from callback_conformance.scenario import (
    FAILURE,
    SUCCESS,
    Button,
    Component,
    Field,
    Steps,
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

RUN, OUT = Button("run"), Text("out", "before")
RETURNS = wait_at("gate") >> give("done")
RAISES = wait_at("gate") >> raise_error("no")
CALLABLES = ["function", "method", "lambda", "partial", "object"]

either_end = pytest.mark.parametrize("job", [RETURNS, RAISES], ids=["returns", "raises"])


def reported(job: Steps = RETURNS, *parameters: str, **more: Any) -> Any:
    """An action that invokes ``job`` with a status function that has these parameters."""
    handler = status(*(parameters or ("state", "status")))
    return invoke(trigger="run", job=job, **{"status": handler, **more})


def final(page: Page) -> Event:
    """Wait for the final status."""
    return page.events.wait_for("status", lambda event: isinstance(event.facts["status"], bool))


def starts_and_ends(page: Page) -> None:
    """Trigger the job and let it end."""
    page.click("run")
    page.next_job().release("gate")


def finals(page: Page) -> list[Event]:
    """The final statuses so far."""
    return [e for e in page.events.named("status") if isinstance(e.facts["status"], bool)]


def finish(page: Page) -> Event:
    """Trigger the job, let it end, and wait for its final status."""
    starts_and_ends(page)
    return final(page)


def received(open_page: OpenPage, *parameters: str, **more: Any) -> Mapping[str, Any]:
    """What a status function with these parameters receives when its job has ended."""
    action = reported(more.pop("job", RETURNS), *parameters, **more)
    return finish(open_page(RUN, OUT, action)).facts


@covers("STATUS-1")
@pytest.mark.parametrize("value", ["done", None, 0, False], ids=repr)
def test_the_final_status_of_a_job_that_returned_is_true(open_page: OpenPage, value: Any) -> None:
    assert received(open_page, job=wait_at("gate") >> give(value))["status"] is True, (
        "the final status"
    )


@covers("STATUS-2")
def test_the_final_status_of_a_job_that_raised_is_false(open_page: OpenPage) -> None:
    assert received(open_page, job=RAISES)["status"] is False, "the final status"


@covers("STATUS-3")
@either_end
def test_a_job_reports_a_final_status(open_page: OpenPage, job: Steps) -> None:
    finish(open_page(RUN, OUT, reported(job)))


@covers("STATUS-32")
@either_end
@pytest.mark.parametrize("does", [(), raise_error("no")], ids=["status-returns", "status-raises"])
def test_a_job_reports_one_final_status(open_page: OpenPage, job: Steps, does: Any) -> None:
    page = open_page(RUN, OUT, reported(job, status=status("state", "status", does=does)))
    finish(page)
    starts_and_ends(page)  # all reports of the first job have come when the second has ended
    page.events.wait_for("status", lambda event: len(finals(page)) >= 2)
    page.fence()
    assert len(finals(page)) == 2, "final statuses of two jobs"


@covers("STATUS-4")
@either_end
def test_the_final_status_waits_for_the_end_of_the_job(open_page: OpenPage, job: Steps) -> None:
    page = open_page(RUN, OUT, reported(job))
    page.click("run")
    run = page.next_job().wait_for_gate("gate")
    page.fence()
    assert finals(page) == [], "final statuses before the job's end"
    run.release("gate")
    final(page)


@covers("STATUS-5")
@either_end
def test_a_two_way_handler_is_called_once_and_after_the_end(
    open_page: OpenPage, job: Steps
) -> None:
    steps = [notify("success", "finished", SUCCESS), notify("error", "failed", FAILURE)]
    handler = status("state", "status", does=steps)
    page = open_page(RUN, OUT, reported(job, status=handler))
    starts_and_ends(page)
    page.expect_notification(*(("success", "finished") if job is RETURNS else ("error", "failed")))
    page.fence()
    assert len(page.events.named("status")) == 1, "calls of the status function"


@covers("STATUS-6")
@either_end
def test_a_notification_of_a_status_function_reaches_the_page(
    open_page: OpenPage, job: Steps
) -> None:
    steps = [notify("success", "finished", SUCCESS), notify("error", "failed", FAILURE)]
    page = open_page(RUN, OUT, reported(job, status=status("state", "status", does=steps)))
    starts_and_ends(page)
    page.expect_notification(*(("success", "finished") if job is RETURNS else ("error", "failed")))


@covers("STATUS-7")
@either_end
def test_what_a_status_function_assigns_is_shown(open_page: OpenPage, job: Steps) -> None:
    steps = [assign("out.children", "good", SUCCESS), assign("out.children", "bad", FAILURE)]
    page = open_page(RUN, OUT, reported(job, status=status("state", "status", does=steps)))
    starts_and_ends(page)
    page.expect_value("out.children", "good" if job is RETURNS else "bad")


@covers("STATUS-8")
@either_end
def test_a_status_function_receives_its_arguments_in_order(open_page: OpenPage, job: Steps) -> None:
    names = ("state", "status", "first", "second")
    facts = received(open_page, *names, status_arguments=("one", 2), job=job)
    assert (facts["first"], facts["second"]) == ("one", 2), "the status function's arguments"


@covers("STATUS-9")
def test_the_result_follows_the_arguments(open_page: OpenPage) -> None:
    facts = received(open_page, "state", "status", "first", "value", status_arguments=("one",))
    assert (facts["first"], facts["value"]) == ("one", "done"), "the argument, then the result"


@covers("STATUS-10")
@pytest.mark.parametrize("parameters", ["first result", "result first"], ids=["last", "between"])
def test_a_parameter_named_result_receives_the_result(open_page: OpenPage, parameters: str) -> None:
    names = ("state", "status", *parameters.split())
    facts = received(open_page, *names, status_arguments=("one",))
    assert facts["result"] == "done", "the parameter named result"


@covers("STATUS-11")
@either_end
def test_an_argument_never_stands_in_the_place_of_the_result(
    open_page: OpenPage, job: Steps
) -> None:
    facts = received(
        open_page, "state", "status", "result", status_arguments=("argument",), job=job
    )
    assert facts["result"] != "argument", "the parameter named result"


@covers("STATUS-8")
def test_the_arguments_come_in_order_around_the_result(open_page: OpenPage) -> None:
    names = ("state", "status", "first", "result", "second")
    facts = received(open_page, *names, status_arguments=("one", 2))
    assert (facts["first"], facts["second"]) == ("one", 2), "the status function's arguments"


@covers("STATUS-12")
def test_a_status_function_without_room_for_its_arguments_is_called(open_page: OpenPage) -> None:
    assert received(open_page, status_arguments=("one", 2))["status"] is True, "the final status"


@covers("STATUS-13")
@pytest.mark.parametrize("kind", ["SystemExit", "KeyboardInterrupt", "BaseException"])
def test_a_job_that_ends_by_an_exit_reports_failure(open_page: OpenPage, kind: str) -> None:
    end = exit_quietly() if kind == "SystemExit" else raise_error("stop", kind)
    assert received(open_page, job=wait_at("gate") >> end)["status"] is False, "the final status"


@covers("STATUS-14")
def test_a_job_that_cannot_be_called_raises_or_fails(open_page: OpenPage) -> None:
    takes = ("name", "one_that_nobody_gives")
    is_reported(open_page, Field("name", "Ada"), arguments=("name.value",), takes=takes)


@covers("STATUS-15")
@either_end
@pytest.mark.parametrize("kind", CALLABLES)
def test_a_job_of_any_kind_of_callable_reports_its_end(
    open_page: OpenPage, kind: str, job: Steps
) -> None:
    assert received(open_page, job=job, kind=kind)["status"] is (job is RETURNS), "the final status"


@covers("STATUS-16")
@pytest.mark.parametrize("kind", CALLABLES)
def test_a_status_function_of_any_kind_of_callable_is_called(
    open_page: OpenPage, kind: str
) -> None:
    handler = status("state", "status", kind=kind)
    assert received(open_page, status=handler)["status"] is True, "the final status"


@covers("STATUS-17")
def test_a_later_action_finds_what_a_status_function_assigned(open_page: OpenPage) -> None:
    handler = status(
        "state", "status", "result", does=assign("out.children", arg("result"), SUCCESS)
    )
    echo = ordinary(
        output="echo.children", inputs="ping.n_clicks", state="out.children", job=give("{out}!")
    )
    page = open_page(
        RUN, OUT, Button("ping"), Text("echo"), reported(RETURNS, status=handler), echo
    )
    starts_and_ends(page)
    page.expect_value("out.children", "done")
    page.click("ping")
    page.expect_value("echo.children", "done!")


@covers("STATUS-18")
@pytest.mark.parametrize("parameters", ["", "state", "state *args", "*args",
    "state status **options", "state status first=1 second=2 third=3"])  # fmt: skip
def test_a_status_function_is_called_whatever_it_leaves_out(
    open_page: OpenPage, parameters: str
) -> None:
    handler = status(*parameters.split(), does=announce("called"))
    page = open_page(RUN, OUT, reported(status=handler, status_arguments=("one",)))
    starts_and_ends(page)
    page.events.wait_for("called")


@covers("STATUS-19")
@either_end
def test_a_variadic_parameter_receives_the_status(open_page: OpenPage, job: Steps) -> None:
    page = open_page(RUN, OUT, reported(job, "state", "*args"))
    starts_and_ends(page)
    call = page.events.wait_for("status", lambda event: bool(event.facts["args"]))
    assert call.facts["args"][0] is (job is RETURNS), "the first item of *args"


@covers("STATUS-20")
@pytest.mark.parametrize(
    ("parameters", "arguments"),
    [("*rest", ["one", 2]), ("first *rest", [2]), ("*rest result", ["one", 2])],
    ids=["all", "what-is-left", "beside-result"],
)
def test_a_variadic_parameter_receives_the_arguments(
    open_page: OpenPage, parameters: str, arguments: list[Any]
) -> None:
    names = ("state", "status", *parameters.split())
    rest = received(open_page, *names, status_arguments=("one", 2))["rest"]
    assert rest[: len(arguments)] == arguments, "items of *rest"


@covers("STATUS-30")
@pytest.mark.parametrize(
    ("parameters", "place"), [("*rest", 2), ("first *rest", 1)], ids=["all", "what-is-left"]
)
def test_a_variadic_parameter_receives_the_result(
    open_page: OpenPage, parameters: str, place: int
) -> None:
    names = ("state", "status", *parameters.split())
    rest = received(open_page, *names, status_arguments=("one", 2))["rest"]
    assert rest[place:] == ["done"], "items of *rest after the arguments"


@covers("STATUS-21")
@pytest.mark.parametrize("arguments", [(), ("one",)], ids=["alone", "with-arguments"])
def test_a_keyword_only_result_is_received(open_page: OpenPage, arguments: Any) -> None:
    facts = received(open_page, "state", "status", "*", "result", status_arguments=arguments)
    assert facts["result"] == "done", "the parameter named result"


@covers("STATUS-22")
@either_end
def test_a_decorated_status_function_is_called(open_page: OpenPage, job: Steps) -> None:
    facts = received(open_page, status=status("state", "status", kind="decorated"), job=job)
    assert facts["status"] is (job is RETURNS), "the final status"


@covers("STATUS-23")
@pytest.mark.parametrize(
    ("parameters", "arguments"),
    [("result title='Job'", ()), ("first result title='Job'", ("one",)), ("x * title='Job'", ())],
    ids=["after-result", "after-arguments", "by-keyword"],
)
def test_a_parameter_that_nothing_is_given_for_keeps_its_default(
    open_page: OpenPage, parameters: str, arguments: tuple[Any, ...]
) -> None:
    names = ("state", "status", *parameters.replace("'", '"').split())
    assert received(open_page, *names, status_arguments=arguments)["title"] == "Job", "the default"


@covers("STATUS-24")
def test_a_coroutine_function_receives_the_final_status(open_page: OpenPage) -> None:
    handler = status("state", "status", does=announce("ended"), kind="coroutine")
    page = open_page(RUN, OUT, reported(RETURNS, status=handler))
    assert finish(page).facts["status"] is True, "the final status"
    page.events.wait_for("ended")


@covers("STATUS-25")
@either_end
def test_a_job_that_is_a_coroutine_function_is_run_to_its_end(
    open_page: OpenPage, job: Steps
) -> None:
    page = open_page(RUN, OUT, reported(job, kind="coroutine"))
    page.click("run")
    run = page.next_job().wait_for_gate("gate")
    page.fence()
    assert finals(page) == [], "final statuses before the job's end"
    run.release("gate")
    assert final(page).facts["status"] is (job is RETURNS), "the final status"


@covers("STATUS-31")
def test_the_result_of_a_coroutine_is_what_it_returns(open_page: OpenPage) -> None:
    facts = received(open_page, "state", "status", "result", kind="coroutine")
    assert facts["result"] == "done", "the result"


@covers("STATUS-26")
@pytest.mark.parametrize(
    ("parameters", "arguments"), [("result", ()), ("result=7", ()), ("first result", ("one",))]
)
def test_a_job_that_failed_gives_no_result(
    open_page: OpenPage, parameters: str, arguments: tuple[Any, ...]
) -> None:
    names = ("state", "status", *parameters.split())
    facts = received(open_page, *names, status_arguments=arguments, job=RAISES)
    allowed = (None, 7) if "=" in parameters else (None,)
    assert facts["result"] in allowed, "the parameter for the result"


def is_reported(open_page: OpenPage, *parts: Component, **more: Any) -> None:
    """A job that is not called raises when it is invoked, or fails."""
    handler = status("state", "status", does=announce("raised"))
    action = reported(Steps((give("done"),)), status=handler, emits_error=True, **more)
    page = open_page(RUN, OUT, *parts, action)
    page.click("run")
    page.events.wait_for("raised")
    if not page.events.named("starts"):
        statuses = {event.facts["status"] for event in page.events.named("status")}
        assert statuses <= {False}, "the final status"


@covers("STATUS-27")
def test_what_cannot_be_called_raises_as_a_job(open_page: OpenPage) -> None:
    is_reported(open_page, kind="text")


@covers("STATUS-28")
def test_a_number_raises_as_arguments(open_page: OpenPage) -> None:
    is_reported(open_page, literal_arguments=5, takes=("number",))


@covers("STATUS-29")
def test_what_cannot_be_called_raises_as_a_status_function(open_page: OpenPage) -> None:
    handler = status("state", "status", kind="text")
    page = open_page(RUN, OUT, reported(RETURNS, status=handler, emits_error=True))
    page.click("run")
    page.events.wait_for("raised")


@covers("STATUS-8")
@drawn(values=st.lists(VALUES, max_size=4))
def test_a_status_function_receives_any_values(open_page: OpenPage, values: list[Any]) -> None:
    names = [f"value_{number}" for number in range(len(values))]
    facts = received(open_page, "state", "status", *names, status_arguments=tuple(values))
    arguments = [facts[name] for name in names]
    assert json.dumps(arguments) == json.dumps(values), "the status function's arguments"
