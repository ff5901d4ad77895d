"""SPEC.md, chapter 5: Running."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import pytest

from callback_conformance.plugin import OpenPage, covers
from callback_conformance.scenario import (
    Button,
    Step,
    Steps,
    Store,
    Text,
    background,
    die,
    give,
    no_update,
    raise_error,
    wait_at,
)

from .chained import dependents, expect_triggered

RUN, CANCEL, OUT, NOTE = Button("run"), Button("cancel"), Text("out"), Text("note", "idle")
ENTRY = ("note.children", "busy", "over")
WAITING = wait_at("gate") >> give("done")


def noted(job: Steps = WAITING, *running: tuple[Any, ...], **more: Any) -> Any:
    """The callback of ``run`` that shows in ``note`` whether its job runs."""
    return background(
        output="out.children",
        inputs="run.n_clicks",
        running=list(running or [ENTRY]),
        job=job,
        **more,
    )


BUTTONS = [("run.disabled", True, False), ("cancel.disabled", False, True)]


@covers("RUN-1")
def test_while_a_job_runs_the_on_values_hold(open_page: OpenPage) -> None:
    page = open_page(RUN, Button("cancel", disabled=True), OUT, noted(WAITING, *BUTTONS))
    page.click("run")
    page.next_job().wait_for_gate("gate")
    page.expect_value("run.disabled", True)
    page.expect_value("cancel.disabled", False)
    page.fence()
    page.expect_unchanged("run.disabled", True)
    page.expect_unchanged("cancel.disabled", False)


@covers("RUN-2")
def test_after_a_result_the_off_values_hold(open_page: OpenPage) -> None:
    page = open_page(RUN, Button("cancel", disabled=False), OUT, noted(WAITING, *BUTTONS))
    page.click("run")
    page.next_job().release("gate")
    page.expect_value("out.children", "done")
    page.expect_value("run.disabled", False)
    page.expect_value("cancel.disabled", True)


@covers("RUN-3")
def test_running_values_hold_before_the_first_answer(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, NOTE, noted())
    page.network.hold_answers()
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.expect_value("note.children", "busy")
    page.network.deliver_answers()
    job.release("gate")
    page.expect_value("note.children", "over")


@covers("RUN-4")
@pytest.mark.parametrize(
    ("prop", "during", "after"),
    [
        ("note.style", {"color": "red"}, {"color": "blue"}),
        ("note.title", "", "over"),
        ("kept.data", 0, ""),
        ("kept.data", None, 0),
        ("kept.data", [1, {"two": [2]}], None),
    ],
    ids=repr,
)
def test_a_running_value_of_any_type_is_shown_unchanged(
    open_page: OpenPage, prop: str, during: Any, after: Any
) -> None:
    page = open_page(RUN, OUT, NOTE, Store("kept", "idle"), noted(WAITING, (prop, during, after)))
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.expect_value(prop, during)
    job.release("gate")
    page.expect_value("out.children", "done")
    page.expect_value(prop, after)
    values = [value for value, _ in groupby(page.events.values_of(prop))]
    assert values == [during, after], f"values that {prop} was given"


@covers("RUN-5")
def test_before_the_first_trigger_the_layouts_value_holds(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, NOTE, noted())
    page.expect_unchanged("note.children", "idle")
    assert page.events.values_of("note.children") == [], (
        "values that the note was given before the trigger"
    )
    page.click("run")
    page.next_job().release("gate")
    page.expect_value("out.children", "done")


PAIRS = [("note.children", "busy"), ("run.disabled", True)]


@covers("RUN-6")
def test_while_a_job_runs_the_value_of_a_pair_holds(open_page: OpenPage) -> None:
    page = open_page(Button("run", disabled=False), OUT, NOTE, noted(WAITING, *PAIRS))
    page.click("run")
    page.next_job().wait_for_gate("gate")
    page.expect_value("note.children", "busy")
    page.expect_value("run.disabled", True)


@covers("RUN-7")
@pytest.mark.parametrize(
    "end",
    [give("done"), raise_error("no"), no_update(), None],
    ids=["returns", "raises", "declines", "cancelled"],
)
def test_after_a_pair_the_layouts_value_holds(open_page: OpenPage, end: Step | None) -> None:
    steps = wait_at("gate") >> (end or give("never"))
    callback = noted(steps, *PAIRS, cancel="cancel.n_clicks")
    page = open_page(Button("run", disabled=False), CANCEL, OUT, NOTE, callback)
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.expect_value("note.children", "busy")
    if end is None:
        page.click("cancel")
    else:
        job.release("gate")
    job.wait_for_end()
    page.expect_value("note.children", "idle")
    page.expect_value("run.disabled", False)


@covers("RUN-8")
@pytest.mark.parametrize("end", [raise_error("no"), die()], ids=["raises", "dies"])
def test_after_a_failure_the_off_value_holds(open_page: OpenPage, end: Step) -> None:
    page = open_page(RUN, OUT, NOTE, noted(wait_at("gate") >> end))
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.expect_value("note.children", "busy")
    job.release("gate").wait_for_end()
    page.expect_value("note.children", "over")


@covers("RUN-9")
def test_after_a_cancel_the_off_value_holds(open_page: OpenPage) -> None:
    page = open_page(RUN, CANCEL, OUT, NOTE, noted(cancel="cancel.n_clicks"))
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.expect_value("note.children", "busy")
    page.click("cancel")
    job.wait_for_end()
    page.expect_value("note.children", "over")


@covers("RUN-10")
def test_after_no_update_the_off_value_holds(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, NOTE, noted(wait_at("gate") >> no_update()))
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.expect_value("note.children", "busy")
    job.release("gate")
    page.expect_value("note.children", "over")


@covers("RUN-11")
def test_after_a_lost_connection_the_off_value_holds_at_the_end(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, NOTE, noted())
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.network.lose_next_poll()
    page.network.poll()
    job.release("gate").wait_for_end()
    page.expect_value("note.children", "over")


@covers("RUN-12")
def test_running_holds_until_the_newest_job_has_ended(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, NOTE, noted())
    page.click("run")
    old = page.next_job().wait_for_gate("gate")
    page.click("run")
    new = page.next_job().wait_for_gate("gate")
    old.release_if_alive("gate").wait_for_end()
    page.fence()
    page.expect_unchanged("note.children", "busy")
    new.release("gate")
    page.expect_value("note.children", "over")
    page.expect_value("out.children", "done")


@covers("RUN-12")
def test_running_holds_when_the_second_trigger_precedes_the_first_answer(
    open_page: OpenPage,
) -> None:
    page = open_page(RUN, OUT, NOTE, noted())
    page.network.hold_answers()
    page.click("run")
    old = page.next_job().wait_for_gate("gate")
    page.click("run")
    new = page.next_job().wait_for_gate("gate")
    page.network.deliver_answers()
    old.release_if_alive("gate").wait_for_end()
    page.fence()
    page.expect_unchanged("note.children", "busy")
    new.release("gate")
    page.expect_value("note.children", "over")


@covers("RUN-13")
def test_an_on_value_triggers_the_callbacks_that_have_it_as_an_input(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, NOTE, noted(), *dependents("note.children"))
    page.click("run")
    jobs = {job.name: job for job in (page.next_job(), page.next_job())}
    page.expect_value("seen.children", "saw busy")
    jobs["use"].release("second")
    page.expect_value("used.children", "used busy")


@covers("RUN-13")
def test_an_off_value_triggers_the_callbacks_that_have_it_as_an_input(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, NOTE, noted(), *dependents("note.children"))
    page.click("run")
    jobs = {job.name: job for job in (page.next_job(), page.next_job())}
    jobs["use"].release("second").wait_for_end()
    page.expect_value("used.children", "used busy")
    jobs["job"].release("gate").wait_for_end()
    page.expect_value("note.children", "over")
    expect_triggered(page, "over")
