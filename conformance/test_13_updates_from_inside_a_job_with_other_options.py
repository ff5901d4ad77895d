"""SPEC.md, chapter 13: Updates from inside a job. After each ending, whatever else a callback declares."""

from __future__ import annotations

from typing import Any

from callback_conformance.page import Page
from callback_conformance.plugin import OpenPage, covers

from .ends import (
    ALL_OPTIONS,
    CANCELLED,
    CAUGHT,
    DECLINES,
    DIES,
    RAISES,
    REPLACED,
    RETURNS,
    Row,
    for_each_row,
    full,
)

SETS: Any = {"sets_props": True, "free": ("handled", "running", "progress")}
HANDLED: Any = {"handled": True, "free": ("sets_props", "running", "progress")}


def is_set(page: Page, row: Row, place: int) -> None:
    """The page shows what the row's job has set."""
    page.expect_value(f"side{place}.children", "older")


def is_not_set(page: Page, row: Row, place: int) -> None:
    """The page never shows what the row's older job has set."""
    page.go_on_until_idle()
    page.expect_never(f"side{place}.children", "older")


@covers("UPDATE-2")
@ALL_OPTIONS
def test_what_a_job_set_before_its_result_is_shown_whatever_else_is_declared(
    open_page: OpenPage,
) -> None:
    for_each_row(open_page, full(RETURNS, **SETS), is_set)


@covers("UPDATE-5")
@ALL_OPTIONS
def test_what_a_job_set_before_it_raised_is_shown_whatever_else_is_declared(
    open_page: OpenPage,
) -> None:
    for_each_row(open_page, full(RAISES, **SETS), is_set)


@covers("UPDATE-5")
@ALL_OPTIONS
def test_what_a_job_set_before_it_died_is_shown_whatever_else_is_declared(
    open_page: OpenPage,
) -> None:
    for_each_row(open_page, full(DIES, **SETS), is_set)


@covers("UPDATE-16")
@ALL_OPTIONS
def test_what_a_job_set_before_it_declined_is_shown_whatever_else_is_declared(
    open_page: OpenPage,
) -> None:
    for_each_row(open_page, full(DECLINES, **SETS), is_set)


@covers("UPDATE-7")
@ALL_OPTIONS
def test_what_a_replaced_job_set_is_not_shown_whatever_else_is_declared(
    open_page: OpenPage,
) -> None:
    for_each_row(open_page, full(REPLACED, **SETS), is_not_set)


@covers("UPDATE-13")
@ALL_OPTIONS
def test_what_a_cancelled_job_set_is_not_shown_whatever_else_is_declared(
    open_page: OpenPage,
) -> None:
    for_each_row(open_page, full(CANCELLED, **SETS), is_not_set)


@covers("UPDATE-11")
@ALL_OPTIONS
def test_what_on_error_returns_is_shown_whatever_else_is_declared(open_page: OpenPage) -> None:
    def is_caught(page: Page, row: Row, place: int) -> None:
        for output in row.out(place):
            page.expect_value(output, CAUGHT)

    rows = [row for row in full(RAISES, DIES, **HANDLED) if row.outputs]
    for_each_row(open_page, rows, is_caught)


@covers("UPDATE-12")
@ALL_OPTIONS
def test_on_error_is_called_for_no_other_ending_whatever_else_is_declared(
    open_page: OpenPage,
) -> None:
    def is_not_called(page: Page, row: Row, place: int) -> None:
        page.go_on_until_idle()
        assert page.events.named("error") == [], "calls of on_error"

    for_each_row(open_page, full(RETURNS, DECLINES, CANCELLED, **HANDLED), is_not_called)
