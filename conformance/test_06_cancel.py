"""SPEC.md, chapter 6: Cancel."""

from __future__ import annotations

from typing import Any

import pytest

from callback_conformance.page import Page
from callback_conformance.plugin import OpenPage, covers, wire_only
from callback_conformance.scenario import (
    Button,
    Field,
    Manager,
    Steps,
    Store,
    Text,
    background,
    give,
    ignore_sigterm,
    ordinary,
    spin,
    start_child,
    wait_at,
)

RUN, CANCEL, OUT = Button("run"), Button("cancel"), Text("out", "before")
WAITING = wait_at("gate") >> give("done")


def cancellable(job: Steps = WAITING, cancel: Any = "cancel.n_clicks", **more: Any) -> Any:
    """The callback of ``run``, cancelled by ``cancel``."""
    options = {"output": "out.children", "inputs": "run.n_clicks", **more}
    return background(job=job, cancel=cancel, **options)


@covers("CANCEL-1")
def test_a_cancel_stops_the_job(open_page: OpenPage) -> None:
    page = open_page(RUN, CANCEL, OUT, cancellable())
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.click("cancel")
    job.wait_for_end()


@covers("CANCEL-2")
def test_a_cancel_leaves_the_output(open_page: OpenPage) -> None:
    page = open_page(RUN, CANCEL, OUT, cancellable())
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.click("cancel")
    job.wait_for_end()
    page.go_on_until_idle()
    page.expect_unchanged("out.children", "before")
    assert page.events.values_of("out.children") == [], "values that the output was given"


@covers("CANCEL-3")
@pytest.mark.parametrize("value", ["stop", None, 0, "", False], ids=repr)
def test_a_cancel_needs_no_particular_value(open_page: OpenPage, value: Any) -> None:
    page = open_page(RUN, Store("word", "go"), OUT, cancellable(cancel="word.data"))
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.set("word.data", value)
    job.wait_for_end()


@covers("CANCEL-4")
@pytest.mark.parametrize("chosen", ["cancel.n_clicks", "field.value", "field.placeholder"])
def test_each_of_several_inputs_cancels(open_page: OpenPage, chosen: str) -> None:
    inputs = ["cancel.n_clicks", "field.value", "field.placeholder"]
    page = open_page(RUN, CANCEL, Field("field"), OUT, cancellable(cancel=inputs))
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    if chosen == "cancel.n_clicks":
        page.click("cancel")
    else:
        page.set(chosen, "stop")
    job.wait_for_end()


def cancelled_without_a_job(open_page: OpenPage) -> Page:
    """A page whose cancel input has changed while no job was running."""
    entry = ("note.children", "busy", "over")
    page = open_page(RUN, CANCEL, OUT, Text("note", "idle"), cancellable(running=[entry]))
    page.click("cancel")
    return page


@covers("CANCEL-5")
def test_a_cancel_without_a_job_starts_none(open_page: OpenPage) -> None:
    page = cancelled_without_a_job(open_page)
    page.expect_no_job()
    page.click("run")
    page.next_job().release("gate")
    page.expect_value("out.children", "done")


@covers("CANCEL-16")
def test_a_cancel_without_a_job_sets_nothing(open_page: OpenPage) -> None:
    page = cancelled_without_a_job(open_page)
    page.fence()
    page.expect_unchanged("note.children", "idle")
    page.expect_unchanged("out.children", "before")
    page.click("run")
    page.next_job().release("gate")
    page.expect_value("out.children", "done")
    page.expect_value("note.children", "over")


@covers("CANCEL-6")
def test_a_run_after_a_cancel_without_a_job_delivers(open_page: OpenPage) -> None:
    page = open_page(RUN, CANCEL, OUT, cancellable())
    page.click("cancel")
    page.click("run")
    page.next_job().release("gate")
    page.expect_value("out.children", "done")


@covers("CANCEL-6")
def test_a_run_after_a_cancelled_one_delivers(open_page: OpenPage) -> None:
    page = open_page(Field("choice"), CANCEL, OUT, cancellable(inputs="choice.value", job=WAITING))
    page.set("choice.value", "A")
    page.next_job().wait_for_gate("gate")
    page.click("cancel")
    page.set("choice.value", "B")
    page.next_job().wait_for_gate("gate")
    page.click("cancel")
    page.settle()
    page.set("choice.value", "C")
    page.next_job().release("gate")
    page.expect_value("out.children", "done")


@wire_only
@covers("CANCEL-6")
def test_a_run_with_the_arguments_of_a_cancelled_one_delivers(open_page: OpenPage) -> None:
    page = open_page(Field("choice"), CANCEL, OUT, cancellable(inputs="choice.value"))
    page.set("choice.value", "A")
    cancelled = page.next_job().wait_for_gate("gate")
    page.click("cancel")
    cancelled.wait_for_end()
    page.set("choice.value", "A")
    page.next_job().release("gate").wait_for_end()
    page.expect_value("out.children", "done")


@covers("CANCEL-7")
def test_a_cancel_before_the_first_answer_cancels(open_page: OpenPage) -> None:
    entry = ("note.children", "busy", "over")
    page = open_page(RUN, CANCEL, OUT, Text("note", "idle"), cancellable(running=[entry]))
    page.network.hold_answers()
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.click("cancel")
    page.network.deliver_answers()
    job.wait_for_end()
    page.expect_value("note.children", "over")
    page.expect_unchanged("out.children", "before")


@covers("CANCEL-8")
def test_a_cancel_by_a_user_without_a_job_leaves_that_of_another(open_page: OpenPage) -> None:
    page = open_page(RUN, CANCEL, OUT, cancellable())
    other = page.another_user()
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    other.click("cancel")
    other.fence()
    job.release("gate")
    page.expect_value("out.children", "done")


@covers("CANCEL-8")
def test_a_cancel_by_another_user_leaves_the_job(open_page: OpenPage) -> None:
    page = open_page(CANCEL, Field("name"), OUT, cancellable(inputs="name.value"))
    other = page.another_user()
    page.set("name.value", page.user)
    job = page.next_job().wait_for_gate("gate")
    other.set("name.value", other.user)
    others = other.next_job().wait_for_gate("gate")
    other.click("cancel")
    others.wait_for_end()
    job.release("gate")
    page.expect_value("out.children", "done")


@covers("CANCEL-9")
def test_a_cancel_leaves_jobs_that_do_not_name_its_input(open_page: OpenPage) -> None:
    page = open_page(
        RUN,
        Button("go"),
        CANCEL,
        OUT,
        Text("there"),
        cancellable(),
        background(output="there.children", inputs="go.n_clicks", job=WAITING, name="other_job"),
    )
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.click("go")
    other = page.next_job().wait_for_gate("gate")
    page.click("cancel")
    job.wait_for_end()
    other.release("gate")
    page.expect_value("there.children", "done")


@covers("CANCEL-10")
def test_a_shared_input_cancels_every_job_that_names_it(open_page: OpenPage) -> None:
    page = open_page(
        RUN,
        Button("go"),
        CANCEL,
        OUT,
        Text("there", "before"),
        cancellable(),
        cancellable(output="there.children", inputs="go.n_clicks", name="other_job"),
    )
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.click("go")
    other = page.next_job().wait_for_gate("gate")
    page.click("cancel")
    job.wait_for_end()
    other.wait_for_end()


@covers("CANCEL-11")
def test_a_job_that_never_waits_is_stopped(open_page: OpenPage) -> None:
    page = open_page(RUN, CANCEL, OUT, cancellable(wait_at("gate") >> spin()))
    page.click("run")
    job = page.next_job().release("gate").wait_for_event("spins")
    page.click("cancel")
    job.wait_for_end()


@covers("CANCEL-12")
def test_a_job_that_ignores_sigterm_is_stopped(open_page: OpenPage) -> None:
    page = open_page(RUN, CANCEL, OUT, cancellable(ignore_sigterm() >> WAITING))
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.click("cancel")
    job.wait_for_end()


@covers("CANCEL-13")
def test_the_child_processes_of_a_cancelled_job_stop(open_page: OpenPage) -> None:
    page = open_page(RUN, CANCEL, OUT, cancellable(start_child() >> WAITING))
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.click("cancel")
    job.wait_for_end().wait_for_child_end()


@covers("CANCEL-14")
def test_a_shared_input_cancels_through_each_jobs_own_manager(open_page: OpenPage) -> None:
    page = open_page(
        RUN,
        Button("go"),
        CANCEL,
        OUT,
        Text("there", "before"),
        cancellable(manager="one"),
        cancellable(output="there.children", inputs="go.n_clicks", manager="two", name="other"),
        managers=(Manager("one"), Manager("two", embedded=True)),
        manager="",
    )
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.click("go")
    other = page.next_job().wait_for_gate("gate")
    page.click("cancel")
    job.wait_for_end()
    other.wait_for_end()
    page.settle()
    page.expect_unchanged("out.children", "before")
    page.expect_unchanged("there.children", "before")


@covers("CANCEL-15")
@pytest.mark.parametrize("running", [False, True], ids=["without a job", "while a job runs"])
def test_a_cancel_input_still_triggers_the_callbacks_that_name_it(
    open_page: OpenPage, running: bool
) -> None:
    echo = ordinary(output="echo.children", inputs="cancel.n_clicks", job=give("{n_clicks}"))
    page = open_page(RUN, CANCEL, OUT, Text("echo"), cancellable(), echo)
    if running:
        page.click("run")
        page.next_job().wait_for_gate("gate")
    page.click("cancel")
    page.expect_value("echo.children", "1")
