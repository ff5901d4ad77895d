"""SPEC.md, chapter 10: Skipped arguments."""

from __future__ import annotations

from typing import Any

import pytest

from callback_conformance.page import Page
from callback_conformance.plugin import OpenPage, covers
from callback_conformance.scenario import Button, Field, Store, report

from .cached import CHOICE, OUT, RETURNS_WORD, by, cached, runs

RUN, OTHER, KEPT = Button("run"), Field("other"), Store("kept")


def clickable(open_page: OpenPage, **more: Any) -> Page:
    """The page of a callback with the arguments ``n_clicks``, ``choice`` and ``other``."""
    state = ("choice.value", "other.value")
    job = cached(**{"inputs": "run.n_clicks", "state": state, **more})
    return open_page(RUN, CHOICE, OTHER, KEPT, OUT, job, managers=by())


NAMED = {
    "inputs": {"clicks": "run.n_clicks"},
    "state": {"chosen": "choice.value", "further": "other.value"},
}


@covers("SKIP-1")
@pytest.mark.parametrize(
    ("skipped", "changed"),
    [
        ([0], ()),
        ([0, 1], ("choice.value",)),
        ([2, 0], ("other.value",)),
        ([0, 1, 2], ("choice.value", "other.value")),
    ],
    ids=["0", "0 and 1", "2 and 0", "all"],
)
def test_arguments_are_left_out_by_their_indices(
    open_page: OpenPage, skipped: list[int | str], changed: tuple[str, ...]
) -> None:
    page = clickable(open_page, cache_args_to_skip=skipped)
    is_hit_after_a_change_of(page, changed)


def is_hit_after_a_change_of(page: Page, changed: tuple[str, ...]) -> None:
    """A stored result is shown, although these properties have changed, and ``n_clicks`` too."""
    page.click("run")
    runs(page, "first")
    other = page.another_tab()
    for prop in changed:
        other.set(prop, "changed")
    other.set("run.n_clicks", 7)
    other.expect_cached("out.children", "first")


@covers("SKIP-1")
def test_the_function_that_reports_progress_has_no_index(open_page: OpenPage) -> None:
    job = report("half") >> RETURNS_WORD
    page = clickable(open_page, cache_args_to_skip=[0], job=job, progress="kept.data")
    is_hit_after_a_change_of(page, ())


@covers("SKIP-2")
@pytest.mark.parametrize(
    ("skipped", "changed"),
    [(["clicks"], ()), (["chosen", "clicks"], ("choice.value",))],
    ids=["one", "two"],
)
def test_arguments_are_left_out_by_their_names(
    open_page: OpenPage, skipped: list[int | str], changed: tuple[str, ...]
) -> None:
    page = clickable(open_page, cache_args_to_skip=skipped, **NAMED)
    is_hit_after_a_change_of(page, changed)


@covers("SKIP-3")
@pytest.mark.parametrize("changed", ["choice.value", "other.value"])
@pytest.mark.parametrize(("skipped", "form"), [(0, {}), ("clicks", NAMED)], ids=["index", "name"])
def test_a_change_of_another_argument_executes_a_job(
    open_page: OpenPage, skipped: int | str, form: dict[str, Any], changed: str
) -> None:
    page = clickable(open_page, cache_args_to_skip=[skipped], **form)
    page.click("run")
    runs(page, "first")
    page.set(changed, "changed")
    page.click("run")
    runs(page, "second")


@covers("SKIP-4")
@pytest.mark.parametrize(
    ("skipped", "form", "arguments"),
    [
        ([0, 1], {}, {"n_clicks": 1, "choice": "A", "other": "B"}),
        (["clicks", "chosen"], NAMED, {"clicks": 1, "chosen": "A", "further": "B"}),
    ],
    ids=["indices", "names"],
)
def test_a_job_is_called_with_the_arguments_that_are_left_out(
    open_page: OpenPage, skipped: list[int | str], form: dict[str, Any], arguments: dict[str, Any]
) -> None:
    page = clickable(open_page, cache_args_to_skip=skipped, **form)
    page.set("choice.value", "A")
    page.set("other.value", "B")
    page.click("run")
    assert runs(page, "first").arguments == arguments, "the job's arguments"


@covers("SKIP-5")
@pytest.mark.parametrize(
    ("wrong", "right", "form"),
    [
        ([3], [2], {}),
        ([0, 17], [0, 1], {}),
        (["n_clicks"], [0], {}),
        (["nobody"], ["clicks"], NAMED),
        ([0], ["clicks"], NAMED),
        (["clicks", 1], ["clicks", "chosen"], NAMED),
    ],
    ids=[
        "out of range",
        "one out of range",
        "name for index",
        "unknown name",
        "index for name",
        "one index for name",
    ],
)
def test_what_names_no_argument_raises(
    open_page: OpenPage,
    wrong: list[int | str],
    right: list[int | str],
    form: dict[str, Any],
) -> None:
    dependencies = {"inputs": "run.n_clicks", "state": ("choice.value", "other.value"), **form}
    refused = cached(**dependencies, cache_args_to_skip=wrong)
    open_page.expect_error(RUN, CHOICE, OTHER, OUT, refused, managers=by())
    page = clickable(open_page, cache_args_to_skip=right, **form)
    page.click("run")
    runs(page, "first")


@covers("SKIP-6")
@pytest.mark.parametrize(("skipped", "form"), [(0, {}), ("clicks", NAMED)], ids=["index", "name"])
def test_the_other_name_of_the_option_is_taken(
    open_page: OpenPage, skipped: int | str, form: dict[str, Any]
) -> None:
    page = clickable(open_page, options={"cache_args_to_ignore": [skipped]}, **form)
    is_hit_after_a_change_of(page, ())
