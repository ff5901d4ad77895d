"""SPEC.md, chapter 2: Result delivery. What outputs hold after each ending, whatever else a callback declares."""

from __future__ import annotations

from typing import Any

from callback_conformance.page import Page
from callback_conformance.plugin import OpenPage, covers, only

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
)


def with_output(*ends: str, free: tuple[str, str, str], **always: Any) -> list[Row]:
    """The rows that have an output."""
    return [row for row in full(*ends, free=free, **always) if row.outputs]


def shows(*values: str) -> Any:
    """The run has given its outputs these values, and no others."""

    def holds(page: Page, row: Row, place: int) -> None:
        for output in row.out(place):
            if values:
                page.expect_value(output, values[-1])
        page.go_on_until_idle()
        for output in row.out(place):
            seen = page.events.values_of(output)
            assert seen == list(values), f"values that {output} was given: {seen}"

    return holds


@covers("RESULT-1")
@only("background")
@ALL_OPTIONS
def test_a_result_is_shown_whatever_else_is_declared(open_page: OpenPage) -> None:
    rows = with_output(RETURNS, free=("handled", "running", "progress"), sets_props=True)
    for_each_row(open_page, rows, shows("result"))


@covers("RESULT-10")
@only("background")
@ALL_OPTIONS
def test_the_result_of_a_replaced_run_is_never_shown_whatever_else_is_declared(
    open_page: OpenPage,
) -> None:
    rows = with_output(REPLACED, free=("handled", "running", "progress"), sets_props=True)
    for_each_row(open_page, rows, shows("newer"))


@covers("RESULT-15")
@only("background")
@ALL_OPTIONS
def test_a_failed_job_leaves_its_outputs_whatever_else_is_declared(open_page: OpenPage) -> None:
    rows = with_output(RAISES, DIES, free=("sets_props", "running", "progress"))
    for_each_row(open_page, rows, shows())


@covers("CANCEL-2")
@only("background")
@ALL_OPTIONS
def test_a_cancel_leaves_the_outputs_whatever_else_is_declared(open_page: OpenPage) -> None:
    rows = with_output(CANCELLED, free=("handled", "running", "progress"), sets_props=True)
    for_each_row(open_page, rows, shows())


@covers("SIGN-6")
@only("background")
@ALL_OPTIONS
def test_a_job_that_declines_leaves_its_outputs_whatever_else_is_declared(
    open_page: OpenPage,
) -> None:
    rows = with_output(DECLINES, free=("handled", "running", "progress"), sets_props=True)
    for_each_row(open_page, rows, shows())
