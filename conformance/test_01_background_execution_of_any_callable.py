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


def of_kind(kind: str) -> Background:
    """The callback of ``run`` whose job is this kind of callable."""
    job = wait_at("gate") >> give("run {n_clicks}")
    return background(output="out.children", inputs="run.n_clicks", kind=kind, job=job)


def delivers_or_says_why_not(open_page: OpenPage, kind: str) -> None:
    """The program is rejected, or its page shows the job's result or a failure. A plain job delivers its result."""
    try:
        page = open_page(RUN, OUT, of_kind(kind))
    except AppEnded:  # it is rejected
        pass
    else:
        page.click("run")
        try:
            page.next_job().release("gate")
            page.expect_value("out.children", "run 1")
            return
        except Violation:
            page.expect_error()
    page = open_page(RUN, OUT, of_kind("function"))
    page.click("run")
    page.next_job().release("gate")
    page.expect_value("out.children", "run 1")


@covers("BG-23")
@pytest.mark.parametrize("kind", ["partial", "method", "lambda", "object", "decorated"])
def test_a_job_of_any_kind_of_callable_delivers_its_result(open_page: OpenPage, kind: str) -> None:
    delivers_or_says_why_not(open_page, kind)


@covers("BG-24")
def test_a_job_that_is_a_coroutine_function_delivers_its_result(open_page: OpenPage) -> None:
    delivers_or_says_why_not(open_page, "coroutine")
