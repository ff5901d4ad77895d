"""SPEC.md, chapter 1: Background execution."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import strategies as st

from callback_conformance.control.violation import Violation
from callback_conformance.page import Page
from callback_conformance.plugin import (
    Capability,
    OpenPage,
    covers,
    needs,
    only,
    takes_time,
    wire_only,
)
from callback_conformance.plugin.strategies import VALUES, drawn
from callback_conformance.scenario import (
    Background,
    Button,
    Field,
    Gunicorn,
    Manager,
    Store,
    Text,
    announce,
    background,
    give,
    invoke,
    notify,
    ordinary,
    raise_error,
    wait_at,
)

from .any_value import receives_any

RUN, OUT = Button("run"), Text("out", "before")
WAITING = wait_at("gate") >> announce("finishes") >> give("done")


def job_for(
    output: str = "out.children", trigger: str = "run.n_clicks", **more: object
) -> Background:
    """A callback whose job waits at the gate and returns ``done``."""
    return background(output=output, inputs=trigger, job=WAITING, **more)  # type: ignore[arg-type]


def finishes(page: Page) -> None:
    """The job that waits at the gate goes on, and its result is shown."""
    page.expect_value("out.children", "done")


@covers("BG-1")
def test_the_first_answer_comes_while_the_job_runs(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, job_for())
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.network.wait_for_answer()
    job.release("gate")
    finishes(page)


@covers("BG-2")
def test_a_page_loads_while_a_job_runs(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, job_for())
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    other = page.another_user()
    other.expect_value("out.children", "before")
    job.release("gate")
    finishes(page)


@covers("BG-3")
def test_an_ordinary_callback_is_answered_while_a_job_runs(open_page: OpenPage) -> None:
    echo = ordinary(output="echo.children", inputs="ping.n_clicks", job=give("answered"))
    page = open_page(RUN, OUT, Button("ping"), Text("echo"), job_for(), echo)
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.click("ping")
    page.expect_value("echo.children", "answered")
    other = page.another_user()
    other.click("ping")
    other.expect_value("echo.children", "answered")
    job.release("gate")
    finishes(page)


@covers("BG-4")
def test_a_page_loads_while_more_jobs_run_than_the_server_has_workers(open_page: OpenPage) -> None:
    named = job_for(trigger="name.value")
    page = open_page(Field("name"), OUT, named, server=Gunicorn(workers=1))
    pages = [page, page.another_user(), page.another_user()]
    jobs = []
    for page in pages:
        page.set("name.value", page.user)
        jobs.append(page.next_job().wait_for_gate("gate"))
    pages[0].another_user().expect_value("out.children", "before")
    for job in jobs:
        job.release("gate")
    for page in pages:
        finishes(page)


@takes_time
@covers("BG-5")
def test_a_job_that_outlasts_the_request_timeout_delivers(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, job_for(), server=Gunicorn(workers=1, request_seconds=2))
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.go_on_for(seconds=4.5)  # gunicorn looks once a second, and allows two
    job.release("gate")
    finishes(page)


@wire_only
@needs(Capability.SHARED_RESULTS)
@covers("BG-6")
def test_a_result_is_shown_whichever_server_process_answers(open_page: OpenPage) -> None:
    block = ordinary(
        output="echo.children",
        inputs="ping.n_clicks",
        job=announce("blocks") >> wait_at("blocked") >> give("answered"),
    )
    page = open_page(
        RUN, OUT, Button("ping"), Text("echo"), job_for(), block, server=Gunicorn(workers=2)
    )
    first, second = page.another_user(), page.another_user()
    # One worker is kept busy, so the other starts the job; then that one is kept busy instead.
    blocked = page.server.hold("blocked")
    first_ping = first.network.in_flight(lambda: first.click("ping"))
    blocked.wait_for_hits(1)
    page.click("run")
    page.next_job().release("gate").wait_for_end()
    second_ping = second.network.in_flight(lambda: second.click("ping"))
    blocked.wait_for_hits(2)
    blocked.release_first()
    finishes(page)
    blocked.release()
    first_ping.join()
    second_ping.join()


@covers("BG-7")
def test_a_job_runs_in_a_process_that_answers_no_request(open_page: OpenPage) -> None:
    echo = ordinary(
        output="echo.children", inputs="ping.n_clicks", job=announce("answers") >> give("answered")
    )
    page = open_page(RUN, OUT, Button("ping"), Text("echo"), job_for(), echo)
    page.click("ping")
    page.expect_value("echo.children", "answered")
    page.click("run")
    job = page.next_job()
    if f"server-{job.pid}" in page.server.processes_that_emitted("answers"):
        raise Violation(f"{job} runs in a process that answers requests")
    job.release("gate")
    finishes(page)


@covers("BG-9")
def test_a_trigger_runs_its_job_once_however_often_the_page_polls(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, job_for())
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    for _ in range(5):
        page.network.poll()
    job.release("gate")
    finishes(page)
    page.expect_no_job()


QUICK = background(output="out.children", inputs="run.n_clicks", job=give("done"))


@only("background", "long_callback", "labs")  # pages of Taipy do not poll
@covers("BG-9")
def test_a_trigger_runs_its_job_once_although_polls_overlap(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, QUICK)
    page.network.delay_answers()
    page.click("run")
    page.next_job()
    page.expect_no_job_until_idle()
    finishes(page)


@covers("BG-15")
def test_a_callback_with_an_interval_delivers_although_polls_overlap(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, QUICK)
    page.network.delay_answers()
    page.click("run")
    finishes(page)


@takes_time
@covers("BG-21")
def test_without_an_interval_a_page_polls_five_times_a_second_at_most(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, job_for(interval_ms=None))
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.network.wait_for_answer()
    polls = page.network.polls_within(seconds=1)
    if polls > 5:
        raise Violation(f"{page.name} polled more often than five times a second: {polls} times")
    job.release("gate")
    finishes(page)


@covers("BG-10")
def test_a_job_receives_the_values_of_its_trigger_in_order(open_page: OpenPage) -> None:
    page = open_page(
        RUN,
        OUT,
        Field("first", "a"),
        Field("second", "b"),
        background(
            output="out.children",
            inputs="run.n_clicks",
            state=("second.value", "first.value"),
            job=wait_at("gate") >> give("{second}, {first}"),
        ),
    )
    page.set("first.value", "one")
    page.set("second.value", "two")
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.set("first.value", "later")
    assert list(job.arguments.values())[-2:] == ["two", "one"], "the job's arguments"
    job.release("gate")
    page.expect_value("out.children", "two, one")


MINE, THEIRS = Manager("mine", instrumented=True), Manager("theirs", instrumented=True)


@only("background", "long_callback", "labs")  # no element of Taipy holds a dictionary
@covers("BG-10")
def test_any_values_are_the_arguments(open_page: OpenPage) -> None:
    state = ["one.data", "two.data"]
    parts = (RUN, OUT, Store("one"), Store("two"))
    receives_any(open_page(*parts, job_for(state=state)), {"one": "one.data", "two": "two.data"})


@covers("BG-11")
@needs(Capability.OBSERVABLE_STORE)
def test_the_apps_manager_executes_a_callback_that_has_none(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, job_for(), managers=(MINE,))
    page.click("run")
    page.next_job().release("gate").wait_for_end().expect_write("mine")
    finishes(page)


@covers("BG-12")
@needs(Capability.OBSERVABLE_STORE)
def test_a_decorators_manager_suffices_without_one_for_the_app(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, job_for(manager="mine"), managers=(MINE,), manager="")
    page.click("run")
    page.next_job().release("gate").wait_for_end().expect_write("mine")
    finishes(page)


def each_uses(open_page: OpenPage, chosen: Sequence[Manager], app: str) -> None:
    """Each callback names one of these managers, and its job uses that one; ``app`` is the app's. There are many
    callbacks, because an implementation that confuses managers may not do so every time."""
    places = range(len(chosen))
    page = open_page(
        *(part for n in places for part in (Button(f"go-{n}"), Text(f"out-{n}"))),
        *(
            job_for(f"out-{n}.children", f"go-{n}.n_clicks", manager=manager.name, name=f"job_{n}")
            for n, manager in enumerate(chosen)
        ),
        managers=(THEIRS, MINE),
        manager=app,
    )
    for n, manager in enumerate(chosen):
        page.click(f"go-{n}")
        job = page.next_job().release("gate").wait_for_end().expect_write(manager.name)
        job.expect_no_write("theirs" if manager is MINE else "mine")
        page.expect_value(f"out-{n}.children", "done")


@covers("BG-13")
@needs(Capability.OBSERVABLE_STORE)
def test_a_decorators_manager_wins_over_the_apps(open_page: OpenPage) -> None:
    each_uses(open_page, [MINE] * 8, app="theirs")


@covers("BG-14")
@needs(Capability.OBSERVABLE_STORE)
def test_callbacks_each_use_their_own_manager(open_page: OpenPage) -> None:
    each_uses(open_page, [MINE, THEIRS] * 4, app="")


@covers("BG-15")
@pytest.mark.parametrize("interval_ms", [50, 1000])
def test_a_callback_with_an_interval_delivers(open_page: OpenPage, interval_ms: int) -> None:
    page = open_page(RUN, OUT, job_for(interval_ms=interval_ms))
    page.click("run")
    page.next_job().release("gate")
    finishes(page)


# The dialect taipy.


def invoked(**more: Any) -> Any:
    """An action of the button ``run`` that invokes a job which waits at the gate."""
    return invoke(trigger="run", job=WAITING, **more)


@covers("BG-8")
def test_a_job_runs_in_another_thread_than_its_action(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, invoked(parameters=("state", "id", "action")))
    page.click("run")
    job = page.next_job()
    acted = page.events.wait_for("action")
    if (acted.source, acted.facts["thread"]) == (f"server-{job.pid}", job.thread):
        raise Violation(f"{job} runs in the thread of the action that invoked it")


@covers("BG-16")
def test_an_action_with_one_parameter_is_called(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, invoked(parameters=("state",)))
    page.click("run")
    page.next_job().release("gate").wait_for_event("finishes")


@covers("BG-19")
def test_a_job_without_a_status_function_is_executed(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, invoked(status=None))
    page.click("run")
    page.next_job().release("gate").wait_for_event("finishes")


@covers("BG-17")
def test_an_action_with_three_parameters_receives_the_state(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, invoked(parameters=("state", "id", "action")))
    page.click("run")
    page.next_job().release("gate").wait_for_event("finishes")  # a job is invoked with the state


@covers("BG-22")
def test_an_action_with_three_parameters_receives_the_elements_id(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, invoked(parameters=("state", "id", "action")))
    page.click("run")
    assert page.events.wait_for("action").facts["id"] == "run", "the id that the action received"


@covers("BG-18")
def test_a_notification_before_the_job_arrives_while_it_runs(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, invoked(first=notify("info", "started")))
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.expect_notification("info", "started")
    job.release("gate").wait_for_event("finishes")


@covers("BG-20")
def test_an_action_that_raises_leaves_the_next_one(open_page: OpenPage) -> None:
    broken = invoke(trigger="go", job=WAITING, first=raise_error("no"), name="never_called")
    page = open_page(RUN, Button("go"), OUT, invoke(trigger="run", job=WAITING), broken)
    page.click("go")
    page.expect_no_job()
    page.click("run")
    page.next_job().wait_for_gate("gate")


@only("taipy")
@covers("BG-10")
@drawn(values=st.lists(VALUES, max_size=4))
def test_a_job_receives_any_values(open_page: OpenPage, values: list[Any]) -> None:
    names = tuple(f"value_{number}" for number in range(len(values)))
    page = open_page(
        RUN, OUT, invoke(trigger="run", job=WAITING, literal_arguments=values, takes=names)
    )
    page.click("run")
    job = page.next_job()
    received = [job.arguments[name] for name in names]
    assert json.dumps(received) == json.dumps(values), "the job's arguments"
