"""SPEC.md, chapter 20: Failure."""

from __future__ import annotations

from typing import Any

import pytest

from harness.plugin import OpenPage, covers, only
from harness.scenario import (
    SUCCESS,
    Background,
    Button,
    Field,
    Job,
    ProgressBar,
    Step,
    Store,
    Text,
    arg,
    assign,
    background,
    die,
    exit_quietly,
    give,
    give_unstorable,
    if_told,
    invoke,
    raise_error,
    status,
    wait_at,
)

RUN, OUT, KEPT, BAR = (
    Button("run"),
    Text("out", "before"),
    Store("kept", "before"),
    ProgressBar("bar"),
)
WAITING = wait_at("gate") >> give("done")


def out(job: Job | Step, **more: Any) -> Background:
    """The callback of the button ``run`` that puts its result into ``out``."""
    return background(**{"output": "out.children", "inputs": "run.n_clicks", "job": job, **more})


def failing(end: Step) -> Job:
    """A job that ends so when it is told to fail, and returns otherwise."""
    return wait_at("gate") >> if_told("fail", end) >> give("done")


RAISED = {
    "ValueError": raise_error("the disk is full"),
    "KeyError": raise_error("the disk is full", "KeyError"),
    "RuntimeError": raise_error("the disk is full", "RuntimeError"),
    "AssertionError": raise_error("the disk is full", "AssertionError"),
    "StopIteration": raise_error("the disk is full", "StopIteration"),
}


@covers("FAIL-1")
@pytest.mark.parametrize("end", RAISED.values(), ids=RAISED)
def test_a_job_that_raises_is_shown_as_a_failure(open_page: OpenPage, end: Step) -> None:
    page = open_page(RUN, OUT, out(wait_at("gate") >> end))
    page.click("run")
    page.next_job().release("gate").ends()
    page.fails()


@covers("FAIL-1")
def test_an_exception_without_a_text_is_shown_as_a_failure(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, out(wait_at("gate") >> raise_error("")))
    page.click("run")
    page.next_job().release("gate").ends()
    page.fails()


@covers("FAIL-2")
@pytest.mark.parametrize("words", ["the disk is full", "<b>50 %</b> & größer"])
def test_the_failure_contains_the_text_of_the_exception(open_page: OpenPage, words: str) -> None:
    page = open_page(RUN, OUT, out(wait_at("gate") >> raise_error(words)))
    page.click("run")
    page.next_job().release("gate").ends()
    told = page.fails().text
    assert words in told, "the failure that is shown"


ENDS = {
    "raises": raise_error("no"),
    "killed": die(),
    "exits": exit_quietly(),
    "unstorable": give_unstorable(),
}


@only("background", "long_callback", "labs")  # jobs of Taipy are threads, and fail by exceptions
@covers("FAIL-3")
@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_after_a_failure_a_new_trigger_runs_a_job(open_page: OpenPage, end: Step) -> None:
    page = open_page(RUN, OUT, out(failing(end)))
    page.click("run")
    page.next_job().release("gate", "fail").ends()
    page.settle()
    for result in ("once", "twice"):
        page.click("run")
        page.next_job().release("gate", "go on")
        page.shows("out.children", "done")
        page.set("out.children", result)


@only("background", "long_callback", "labs")
@covers("FAIL-3")
def test_after_a_failure_a_trigger_with_the_same_arguments_runs_a_job(open_page: OpenPage) -> None:
    callback = background(
        output="out.children", inputs="choice.value", job=failing(raise_error("no"))
    )
    page = open_page(Field("choice"), OUT, callback)
    page.set("choice.value", "A")
    page.next_job().release("gate", "fail").ends()
    page.settle()
    page.set("choice.value", "A")
    page.next_job().release("gate", "go on")
    page.shows("out.children", "done")


@only("taipy")
@covers("FAIL-3")
@pytest.mark.parametrize("end", [ENDS["raises"], ENDS["exits"]], ids=["raises", "exits"])
def test_after_a_job_that_failed_the_next_one_delivers(open_page: OpenPage, end: Step) -> None:
    shown = status("state", "status", "result", does=assign("out.children", arg("result"), SUCCESS))
    page = open_page(RUN, OUT, invoke(trigger="run", job=failing(end), status=shown))
    page.click("run")
    page.next_job().release("gate", "fail").ends()
    page.click("run")
    page.next_job().release("gate", "go on")
    page.shows("out.children", "done")
