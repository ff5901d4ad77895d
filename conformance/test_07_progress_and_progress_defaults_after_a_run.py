"""SPEC.md, chapter 7: Progress and progress defaults. Here: what progress holds before and after a run."""

from __future__ import annotations

from typing import Any

import pytest

from callback_conformance.page import Page
from callback_conformance.plugin import Feature, OpenPage, covers, needs, only
from callback_conformance.scenario import (
    ProgressBar,
    Step,
    die,
    give,
    no_update,
    raise_error,
    report,
    wait_at,
)

from .ends import (
    ALL_OPTIONS,
    CANCELLED,
    DECLINES,
    DIES,
    RAISES,
    RETURNS,
    Row,
    for_each_row,
    full,
    plain,
)
from .progressing import BAR, BOTH, CANCEL, COUNTING, KEPT, OUT, RUN, WAITING, progressing


@covers("PROG-11")
@needs(Feature.TWO_COUNTS)
def test_progress_that_was_reset_at_the_end_is_none(open_page: OpenPage) -> None:
    steps = report(("10", "10")) >> wait_at("gate") >> report((None, None)) >> give("done")
    page = open_page(RUN, OUT, BAR, progressing(steps))
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.expect_value("bar.value", "10")
    job.release("gate")
    page.expect_value("out.children", "done")
    page.expect_unchanged("bar.value", None)
    page.expect_unchanged("bar.max", None)


@covers("PROG-12")
def test_the_default_holds_before_the_first_trigger(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, ProgressBar("bar", value="9"), COUNTING)
    page.expect_value("bar.value", "0")
    page.expect_value("bar.max", "10")


@covers("PROG-13")
def test_the_default_holds_after_a_result(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, BAR, COUNTING)
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.expect_value("bar.value", "1")
    job.release("gate")
    page.expect_value("out.children", "done")
    page.expect_value("bar.value", "0")
    page.expect_value("bar.max", "10")


@covers("PROG-13")
@pytest.mark.parametrize("default", [["one"], ["one", "two"]], ids=["one item", "two items"])
def test_a_list_is_the_default_of_a_single_property(open_page: OpenPage, default: Any) -> None:
    callback = progressing(report("half") >> WAITING, "kept.data", progress_default=default)
    page = open_page(RUN, OUT, KEPT, callback)
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.expect_value("kept.data", "half")
    job.release("gate")
    page.expect_value("out.children", "done")
    page.expect_value("kept.data", default)


@covers("PROG-14")
def test_the_default_holds_after_a_cancel(open_page: OpenPage) -> None:
    options = {"progress_default": "rest", "cancel": "cancel.n_clicks"}
    page = open_page(
        RUN, CANCEL, OUT, KEPT, progressing(report("half") >> WAITING, "kept.data", **options)
    )
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.expect_value("kept.data", "half")
    page.click("cancel")
    job.wait_for_end()
    page.go_on_until_idle()
    page.expect_value("kept.data", "rest")


@covers("PROG-15")
@pytest.mark.parametrize("end", [raise_error("no"), die()], ids=["raises", "dies"])
def test_the_default_holds_after_a_failure(open_page: OpenPage, end: Step) -> None:
    holds_the_default_after(open_page, end)


@covers("PROG-20")
def test_the_default_holds_after_a_job_that_declines(open_page: OpenPage) -> None:
    holds_the_default_after(open_page, no_update())


def holds_the_default_after(open_page: OpenPage, end: Step) -> None:
    """The progress default holds after a job that ends with this step."""
    steps = report("half") >> wait_at("gate") >> end
    page = open_page(RUN, OUT, KEPT, progressing(steps, "kept.data", progress_default="rest"))
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.expect_value("kept.data", "half")
    job.release("gate").wait_for_end()
    page.go_on_until_idle()
    page.expect_value("kept.data", "rest")


@covers("PROG-16")
@pytest.mark.parametrize("default", [0, "", False, []], ids=repr)
def test_an_empty_default_is_applied(open_page: OpenPage, default: Any) -> None:
    callback = progressing(report("half") >> WAITING, "kept.data", progress_default=default)
    page = open_page(RUN, OUT, KEPT, callback)
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.expect_value("kept.data", "half")
    job.release("gate")
    page.expect_value("out.children", "done")
    page.expect_value("kept.data", default)


@covers("PROG-17")
@pytest.mark.parametrize(
    "end",
    [give("done"), raise_error("no"), no_update(), None],
    ids=["returns", "raises", "declines", "cancelled"],
)
def test_without_a_default_progress_is_none_after_the_end(
    open_page: OpenPage, end: Step | None
) -> None:
    steps = report(("1", "10")) >> wait_at("gate") >> (end or give("never"))
    page = open_page(RUN, CANCEL, OUT, BAR, progressing(steps, BOTH, cancel="cancel.n_clicks"))
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.expect_value("bar.value", "1")
    if end is None:
        page.click("cancel")
    else:
        job.release("gate")
    job.wait_for_end()
    page.go_on_until_idle()
    page.expect_value("bar.value", None)
    page.expect_value("bar.max", None)


# Whatever else the callback declares.

WITH_DEFAULT: Any = {
    "progress": True,
    "default": True,
}
RUNNING: Any = {**WITH_DEFAULT, "running": True}
OTHERS: Any = {**WITH_DEFAULT, "free": ("handled", "sets_props", "running")}


def is_default(page: Page, row: Row, place: int) -> None:
    """The progress of the row is back at its default."""
    page.expect_value(f"bar{place}.value", "0")
    page.expect_value(f"bar{place}.max", "10")


@covers("PROG-13")
def test_the_default_holds_after_a_result_with_running(open_page: OpenPage) -> None:
    for_each_row(open_page, plain(RETURNS, **RUNNING), is_default)


@covers("PROG-13")
@only("background")
@ALL_OPTIONS
def test_the_default_holds_after_a_result_whatever_else_is_declared(open_page: OpenPage) -> None:
    for_each_row(open_page, full(RETURNS, **OTHERS), is_default)


@covers("PROG-14")
def test_the_default_holds_after_a_cancel_with_running(open_page: OpenPage) -> None:
    for_each_row(open_page, plain(CANCELLED, **RUNNING), is_default)


@covers("PROG-14")
@only("background")
@ALL_OPTIONS
def test_the_default_holds_after_a_cancel_whatever_else_is_declared(open_page: OpenPage) -> None:
    for_each_row(open_page, full(CANCELLED, **OTHERS), is_default)


@covers("PROG-15")
def test_the_default_holds_after_a_failure_with_running(open_page: OpenPage) -> None:
    for_each_row(open_page, plain(RAISES, DIES, **RUNNING), is_default)


@covers("PROG-15")
@only("background")
@ALL_OPTIONS
def test_the_default_holds_after_a_failure_whatever_else_is_declared(open_page: OpenPage) -> None:
    for_each_row(open_page, full(RAISES, DIES, **OTHERS), is_default)


@covers("PROG-20")
@only("background")
@ALL_OPTIONS
def test_the_default_holds_after_no_update_whatever_else_is_declared(open_page: OpenPage) -> None:
    for_each_row(open_page, full(DECLINES, **OTHERS), is_default)
