"""SPEC.md, chapter 1: Background execution. A job of each kind of callable."""

from __future__ import annotations

import pytest

from callback_conformance.control.violation import Violation
from callback_conformance.plugin import OpenPage, covers
from callback_conformance.processes import AppEnded
from callback_conformance.scenario import (
    Background,
    Button,
    Text,
    background,
    give,
    wait_at,
)

RUN, OUT = Button("run"), Text("out", "before")


def of_kind(kind: str, trigger: str = "run", output: str = "out") -> Background:
    """The callback of a button, whose job is this kind of callable."""
    job = wait_at("gate") >> give(trigger + " {n_clicks}")
    return background(
        name=f"on_{trigger}",
        output=f"{output}.children",
        inputs=f"{trigger}.n_clicks",
        kind=kind,
        job=job,
    )


#: A plain job. It stands in the same program, because two programs at once would share a queue and its workers.
BESIDE = Button("plain"), Text("other", "before"), of_kind("function", "plain", "other")


def delivers_or_says_why_not(open_page: OpenPage, kind: str) -> None:
    """The program is rejected, or its page shows the job's result or a failure. A plain job delivers its result."""
    try:
        page = open_page(RUN, OUT, of_kind(kind), *BESIDE)
    except AppEnded:  # it is rejected
        page = open_page(*BESIDE)
    else:
        page.click("run")
        try:
            page.next_job().release("gate")
            page.expect_value("out.children", "run 1")
            return
        except Violation:
            page.expect_error()
    page.click("plain")
    page.next_job().release("gate")
    page.expect_value("other.children", "plain 1")


@covers("BG-23")
@pytest.mark.parametrize("kind", ["partial", "method", "lambda", "object", "decorated"])
def test_a_job_of_any_kind_of_callable_delivers_its_result(open_page: OpenPage, kind: str) -> None:
    delivers_or_says_why_not(open_page, kind)


@covers("BG-24")
def test_a_job_that_is_a_coroutine_function_delivers_its_result(open_page: OpenPage) -> None:
    delivers_or_says_why_not(open_page, "coroutine")
