"""SPEC.md, chapter 16: Validation layout.

The components of a callback are not on the page from the start: the button ``show`` brings them.
"""

from __future__ import annotations

from typing import Any

import pytest

from callback_conformance.control.job import JobRun
from callback_conformance.control.violation import Violation
from callback_conformance.page import Page
from callback_conformance.plugin import Feature, OpenPage, covers, needs
from callback_conformance.scenario import (
    Button,
    Container,
    ProgressBar,
    Text,
    background,
    generate,
    give,
    ordinary,
    report,
    set_props,
    wait_at,
)

SHOW, PLACE = Button("show"), Container("place")
PARTS = (Button("run"), Button("stop"), ProgressBar("bar"), Text("note"), Text("out", "before"))
BROUGHT = ordinary(output="place.children", inputs="show.n_clicks", job=generate(*PARTS))
WAITING = wait_at("gate") >> give("done")
LISTED: dict[str, Any] = {"validation_layout": True}
SUPPRESSED: dict[str, Any] = {"suppress_callback_exceptions": True}


def out(**more: Any) -> Any:
    """The callback of ``run``, which the page does not have at first."""
    options = {"output": "out.children", "inputs": "run.n_clicks", "job": WAITING, **more}
    return background(**options)


def with_all(**more: Any) -> Any:
    """The same callback with every option that names components."""
    return out(
        job=report("1") >> WAITING,
        running=[("note.children", "busy", "over")],
        cancel="stop.n_clicks",
        progress="bar.value",
        **more,
    )


def job_of_click(page: Page, clicks: int) -> JobRun:
    """The job that so many clicks on ``run`` have started; whether others start does not matter here."""
    while (job := page.next_job()).arguments["n_clicks"] != clicks:
        pass
    return job


def works(page: Page) -> None:
    """The components are added, and the callback runs a job and shows its result."""
    page.click("show")
    page.expect_value("out.children", "before")
    page.click("run")
    job_of_click(page, 1).release("gate")
    page.expect_value("out.children", "done")


def works_with_all(page: Page) -> None:
    """The callback's options that name components work too."""
    page.click("show")
    page.expect_value("out.children", "before")
    page.click("run")
    job = job_of_click(page, 1).wait_for_gate("gate")
    page.expect_value("note.children", "busy")
    page.expect_value("bar.value", "1")
    page.click("stop")
    job.wait_for_end()
    page.expect_value("note.children", "over")
    page.click("run")
    job_of_click(page, 2).release("gate")
    page.expect_value("out.children", "done")


@covers("LAYOUT-1")
def test_a_callback_works_once_its_components_are_there(open_page: OpenPage) -> None:
    works(open_page(SHOW, PLACE, BROUGHT, out(), **LISTED))


@covers("LAYOUT-1")
def test_all_that_a_callback_names_works_once_it_is_there(open_page: OpenPage) -> None:
    works_with_all(open_page(SHOW, PLACE, BROUGHT, with_all(), **LISTED))


@covers("LAYOUT-2")
def test_a_page_shows_no_error_before_the_components_are_there(open_page: OpenPage) -> None:
    page = open_page(SHOW, PLACE, BROUGHT, with_all(), **LISTED)
    page.fence()
    assert list(page.errors) == [], "errors before the components are there"
    page.click("show")
    page.expect_value("out.children", "before")
    page.click("run")
    job_of_click(page, 1).wait_for_gate("gate")


@covers("LAYOUT-3")
@pytest.mark.parametrize("initial", [True, False], ids=["called initially", "prevented"])
@pytest.mark.parametrize("options", [{}, SUPPRESSED], ids=["strict", "suppressed"])
def test_a_callback_whose_components_no_layout_has_is_rejected_or_works(
    open_page: OpenPage, options: dict[str, Any], initial: bool
) -> None:
    callback = out(initial=initial)
    if open_page.rejection(SHOW, PLACE, BROUGHT, callback, **options) is None:
        works(open_page(SHOW, PLACE, BROUGHT, callback, **options))
    works(open_page(SHOW, PLACE, BROUGHT, out(), **LISTED))


@covers("LAYOUT-4")
def test_a_callback_without_a_validation_layout_works_once_its_components_are_there(
    open_page: OpenPage,
) -> None:
    works(open_page(SHOW, PLACE, BROUGHT, out(), **SUPPRESSED))


@covers("LAYOUT-4")
def test_all_that_a_callback_names_works_without_a_validation_layout(open_page: OpenPage) -> None:
    works_with_all(open_page(SHOW, PLACE, BROUGHT, with_all(), **SUPPRESSED))


@covers("LAYOUT-5")
def test_no_job_starts_when_inputs_and_outputs_come_together(open_page: OpenPage) -> None:
    page = open_page(SHOW, PLACE, BROUGHT, out(), **LISTED)
    page.click("show")
    page.expect_value("out.children", "before")
    page.go_on_until_idle()
    page.expect_no_job()
    page.click("run")
    page.next_job().release("gate")
    page.expect_value("out.children", "done")
    page.click("show")
    page.expect_value("out.children", "before")
    page.go_on_until_idle()
    page.expect_no_job()


# A component that is named beside the outputs and is not there, because it is misspelt or not yet there.

ELSEWHERE = ordinary(output="place.children", inputs="show.n_clicks", job=generate(Text("ghost")))
MISSING: dict[str, Any] = {
    "running": {"running": [("ghost.title", "busy", "over")]},
    "progress": {"progress": "ghost.title", "job": report("1") >> WAITING},
    "set_props": {"job": set_props("ghost.title", "half") >> WAITING},
}
each_place = pytest.mark.parametrize("place", ["running", "progress"])


def page_without(open_page: OpenPage, place: str) -> tuple[Page, JobRun]:
    """A page without the component that its callback names in this place, and its job at the gate."""
    page = open_page(*PARTS, SHOW, PLACE, ELSEWHERE, out(**MISSING[place]))
    page.click("run")
    return page, page.next_job().wait_for_gate("gate")


def shows_result(open_page: OpenPage, place: str) -> None:
    page, job = page_without(open_page, place)
    page.network.poll()
    job.release("gate")
    page.expect_value("out.children", "done")


def names_component(open_page: OpenPage, place: str) -> None:
    page, job = page_without(open_page, place)
    page.network.poll()
    job.release("gate").wait_for_end()
    page.go_on_until_idle()
    if not any("ghost" in error.text for error in page.errors):
        raise Violation(f"errors on the page: {list(page.errors)}; expected one that names 'ghost'")


@covers("LAYOUT-6")
@each_place
def test_a_missing_component_costs_no_result(open_page: OpenPage, place: str) -> None:
    shows_result(open_page, place)


@covers("LAYOUT-6")
@needs(Feature.SET_PROPS)
def test_a_missing_component_of_set_props_costs_no_result(open_page: OpenPage) -> None:
    shows_result(open_page, "set_props")


@covers("LAYOUT-7")
@each_place
def test_an_error_names_a_missing_component(open_page: OpenPage, place: str) -> None:
    names_component(open_page, place)


@covers("LAYOUT-7")
@needs(Feature.SET_PROPS)
def test_an_error_names_a_missing_component_of_set_props(open_page: OpenPage) -> None:
    names_component(open_page, "set_props")
