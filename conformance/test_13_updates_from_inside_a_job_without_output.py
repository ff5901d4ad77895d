"""SPEC.md, chapter 13: Updates from inside a job. Callbacks without output."""

from __future__ import annotations

import pytest

from callback_conformance.control.job import JobRun
from callback_conformance.page import Page
from callback_conformance.plugin import Feature, OpenPage, covers, needs
from callback_conformance.scenario import (
    Button,
    Step,
    Text,
    background,
    die,
    give,
    ordinary,
    raise_error,
    set_props,
    wait_at,
)

RUN, NOTE, OTHER = Button("run"), Text("note"), Text("other")
WAITING = wait_at("gate") >> give("done")


@covers("UPDATE-8")
@needs(Feature.NO_OUTPUT)
def test_a_job_of_a_callback_without_output_is_executed(open_page: OpenPage) -> None:
    page = open_page(RUN, NOTE, background(inputs="run.n_clicks", job=WAITING))
    page.click("run")
    page.next_job().wait_for_gate("gate")


@covers("UPDATE-14")
@needs(Feature.NO_OUTPUT)
@pytest.mark.parametrize(
    "end", [give(None), raise_error("no"), die()], ids=["returns", "raises", "dies"]
)
def test_running_ends_with_a_job_of_a_callback_without_output(
    open_page: OpenPage, end: Step
) -> None:
    running = [("note.children", "busy", "over")]
    callback = background(inputs="run.n_clicks", running=running, job=wait_at("gate") >> end)
    page = open_page(RUN, NOTE, callback)
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.expect_value("note.children", "busy")
    page.fence()
    page.expect_unchanged("note.children", "busy")
    job.release("gate").wait_for_end()
    page.expect_value("note.children", "over")


TWO = wait_at("start") >> set_props("note.children", "one") >> wait_at("gate")


def two_jobs(open_page: OpenPage) -> tuple[Page, JobRun, JobRun]:
    """The page of two callbacks without output, and a job of each: the first sets ``note``, the second ``other``."""
    second = wait_at("start") >> set_props("other.children", "two") >> wait_at("gate")
    page = open_page(
        RUN,
        Button("go"),
        NOTE,
        OTHER,
        background(inputs="run.n_clicks", job=TWO, name="here"),
        background(inputs="go.n_clicks", job=second, name="there"),
    )
    page.click("run")
    here = page.next_job().wait_for_gate("start")
    page.click("go")
    there = page.next_job().wait_for_gate("start")
    return page, here, there


@covers("UPDATE-9")
@needs(Feature.NO_OUTPUT, Feature.SET_PROPS)
def test_two_jobs_of_callbacks_without_output_leave_each_other_alone(open_page: OpenPage) -> None:
    _, here, there = two_jobs(open_page)
    here.release("start").wait_for_gate("gate")
    there.release("start").wait_for_gate("gate")


@covers("UPDATE-15")
@needs(Feature.NO_OUTPUT, Feature.SET_PROPS)
def test_what_two_jobs_of_callbacks_without_output_set_is_shown(open_page: OpenPage) -> None:
    page, here, there = two_jobs(open_page)
    there.release("start").wait_for_gate("gate")
    page.expect_value("other.children", "two")
    here.release_if_alive("start")
    page.expect_value("note.children", "one")


def beside_an_ordinary_callback(open_page: OpenPage) -> tuple[Page, JobRun]:
    """A job of a callback without output, which runs while an ordinary callback without output is triggered."""
    page = open_page(
        RUN,
        Button("look"),
        NOTE,
        OTHER,
        background(inputs="run.n_clicks", job=TWO),
        ordinary(output=(), inputs="look.n_clicks", job=set_props("other.children", "looked")),
    )
    page.click("run")
    job = page.next_job().wait_for_gate("start")
    page.click("look")
    page.expect_value("other.children", "looked")
    return page, job


@covers("UPDATE-9")
@needs(Feature.NO_OUTPUT, Feature.SET_PROPS)
def test_an_ordinary_callback_without_output_leaves_a_job_alone(open_page: OpenPage) -> None:
    _, job = beside_an_ordinary_callback(open_page)
    job.release("start").wait_for_gate("gate")


@covers("UPDATE-15")
@needs(Feature.NO_OUTPUT, Feature.SET_PROPS)
def test_what_a_job_sets_is_shown_after_an_ordinary_callback_without_output(
    open_page: OpenPage,
) -> None:
    page, job = beside_an_ordinary_callback(open_page)
    job.release_if_alive("start")
    page.expect_value("note.children", "one")
