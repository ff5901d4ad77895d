"""SPEC.md, chapter 15: Pattern matching. ``ALL`` where several components match, one, and none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from callback_conformance.plugin import OpenPage, covers
from callback_conformance.scenario import (
    Button,
    Component,
    Container,
    Field,
    Text,
    background,
    generate,
    give,
    ordinary,
    wait_at,
)

RUN, OUT = Button("run"), Text("out", "before")
WAITING = wait_at("gate") >> give("done")


def rows(*indices: int) -> list[Component]:
    """For each index a button, a field, and a text where the results of its instance are shown."""
    components = [
        (Button(f"go[{n}]"), Field(f"name[{n}]", f"name {n}"), Text(f"out[{n}]", "before"))
        for n in indices
    ]
    return [component for row in components for component in row]


def arriving(*indices: int) -> list[Any]:
    """Rows that are not there yet: a click on ``more`` brings them."""
    brings = ordinary(
        output="place.children", inputs="more.n_clicks", job=generate(*rows(*indices))
    )
    return [Container("place"), Button("more"), brings]


@covers("PATTERN-3")
@pytest.mark.parametrize("indices", [(), (4,), (4, 2, 3)], ids=["none", "one", "several"])
def test_all_gives_a_list_however_many_match(open_page: OpenPage, indices: tuple[int, ...]) -> None:
    callback = background(
        output="out.children",
        inputs=["run.n_clicks", "go[ALL].n_clicks"],
        state="name[ALL].value",
        job=WAITING,
    )
    page = open_page(RUN, OUT, *(rows(*indices) if indices else arriving(1)), callback)
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    names = [f"name {n}" for n in indices]
    assert list(job.arguments.values()) == [1, [None] * len(indices), names]
    job.release("gate")
    page.expect_value("out.children", "done")


@covers("PATTERN-14")
@pytest.mark.parametrize("indices", [(), (4,), (4, 2, 3)], ids=["none", "one", "several"])
def test_each_output_that_all_matches_shows_its_item(
    open_page: OpenPage, indices: tuple[int, ...]
) -> None:
    results = [f"result {n}" for n in indices]
    callback = background(
        output=["said.children", "out[ALL].children"],
        inputs="run.n_clicks",
        job=wait_at("gate") >> give(["done", results]),
    )
    parts = rows(*indices) if indices else arriving(1)
    page = open_page(RUN, Text("said"), *parts, callback)
    page.click("run")
    page.next_job().release("gate")
    page.expect_value("said.children", "done")
    for n in indices:
        page.expect_value(f"out[{n}].children", f"result {n}")


def of_all_buttons(**more: Any) -> Any:
    """The callback of ``run``, which disables the buttons of all rows while its job runs."""
    running = [("go[ALL].disabled", True, False)]
    options = {"output": "out.children", "inputs": "run.n_clicks", "job": WAITING, **more}
    return background(running=running, **options)


@covers("PATTERN-9")
@pytest.mark.parametrize("indices", [(4,), (4, 2, 3)], ids=["one", "several"])
def test_each_property_that_all_matches_in_running_holds_its_on_value(
    open_page: OpenPage, indices: tuple[int, ...]
) -> None:
    page = open_page(RUN, OUT, *rows(*indices), of_all_buttons())
    page.click("run")
    page.next_job().wait_for_gate("gate")
    for n in indices:
        page.expect_value(f"go[{n}].disabled", True)


@covers("PATTERN-9")
def test_all_in_running_holds_during_an_initial_call(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, *rows(1, 2), of_all_buttons(initial=True))
    page.next_job().wait_for_gate("gate")
    for n in (1, 2):
        page.expect_value(f"go[{n}].disabled", True)


@covers("PATTERN-13")
@pytest.mark.parametrize("indices", [(4,), (4, 2, 3)], ids=["one", "several"])
def test_each_property_that_all_matches_in_running_holds_its_off_value(
    open_page: OpenPage, indices: tuple[int, ...]
) -> None:
    page = open_page(RUN, OUT, *rows(*indices), of_all_buttons())
    page.click("run")
    page.next_job().release("gate").wait_for_end()
    for n in indices:
        page.expect_value(f"go[{n}].disabled", False)


@covers("PATTERN-15")
@pytest.mark.parametrize("present", [(), rows(1)[1:]], ids=["no such keys", "other ids"])
def test_all_in_running_leaves_the_result_where_nothing_matches(
    open_page: OpenPage, present: Sequence[Component]
) -> None:
    page = open_page(RUN, OUT, *present, *arriving(2), of_all_buttons())
    page.click("run")
    page.next_job().release("gate")
    page.expect_value("out.children", "done")
