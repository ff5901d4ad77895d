"""SPEC.md, chapter 5: Running. The off value holds whatever else a callback declares."""

from __future__ import annotations

from typing import Any

from callback_conformance.page import Page
from callback_conformance.plugin import Feature, OpenPage, covers, needs, only

from .ends import (
    ALL_OPTIONS,
    CANCELLED,
    DECLINES,
    DIES,
    RAISES,
    REPLACED,
    RETURNS,
    Row,
    for_each_row,
    full,
    plain,
)

OTHERS: Any = {"running": True, "free": ("handled", "sets_props", "progress")}
PROGRESS: Any = {"running": True, "progress": True}


def is_off(page: Page, row: Row, place: int) -> None:
    """The run of the row no longer counts as running."""
    page.expect_value(f"note{place}.children", "over")


@covers("RUN-2")
@needs(Feature.TWO_COUNTS)
def test_the_off_value_holds_after_a_result_of_a_run_with_progress(open_page: OpenPage) -> None:
    for_each_row(open_page, plain(RETURNS, **PROGRESS), is_off)


@covers("RUN-2")
@only("background")
@ALL_OPTIONS
def test_the_off_value_holds_after_a_result_whatever_else_is_declared(open_page: OpenPage) -> None:
    for_each_row(open_page, full(RETURNS, **OTHERS), is_off)


@covers("RUN-8")
@needs(Feature.TWO_COUNTS)
def test_the_off_value_holds_after_a_failure_of_a_run_with_progress(open_page: OpenPage) -> None:
    for_each_row(open_page, plain(RAISES, DIES, **PROGRESS), is_off)


@covers("RUN-8")
@only("background")
@ALL_OPTIONS
def test_the_off_value_holds_after_a_failure_whatever_else_is_declared(open_page: OpenPage) -> None:
    for_each_row(open_page, full(RAISES, DIES, **OTHERS), is_off)


@covers("RUN-9")
@needs(Feature.TWO_COUNTS)
def test_the_off_value_holds_after_a_cancel_of_a_run_with_progress(open_page: OpenPage) -> None:
    for_each_row(open_page, plain(CANCELLED, **PROGRESS), is_off)


@covers("RUN-9")
@only("background")
@ALL_OPTIONS
def test_the_off_value_holds_after_a_cancel_whatever_else_is_declared(open_page: OpenPage) -> None:
    for_each_row(open_page, full(CANCELLED, **OTHERS), is_off)


@covers("RUN-10")
@needs(Feature.TWO_COUNTS)
def test_the_off_value_holds_after_no_update_of_a_run_with_progress(open_page: OpenPage) -> None:
    for_each_row(open_page, plain(DECLINES, **PROGRESS), is_off)


@covers("RUN-10")
@only("background")
@ALL_OPTIONS
def test_the_off_value_holds_after_no_update_whatever_else_is_declared(open_page: OpenPage) -> None:
    for_each_row(open_page, full(DECLINES, **OTHERS), is_off)


@covers("RUN-2")
@needs(Feature.TWO_COUNTS)
def test_the_off_value_holds_after_the_newest_job_of_a_run_with_progress(
    open_page: OpenPage,
) -> None:
    for_each_row(open_page, plain(REPLACED, **PROGRESS), is_off)


@covers("RUN-2")
@only("background")
@ALL_OPTIONS
def test_the_off_value_holds_after_the_newest_job_whatever_else_is_declared(
    open_page: OpenPage,
) -> None:
    for_each_row(open_page, full(REPLACED, **OTHERS), is_off)
