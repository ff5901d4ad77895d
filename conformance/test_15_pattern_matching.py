"""SPEC.md, chapter 15: Pattern matching.

``row[ALL]`` stands for all components of the family ``row``; ``row[1]`` is one of them.
"""

from __future__ import annotations

from typing import Any

import pytest

from callback_conformance.page import Page
from callback_conformance.plugin import OpenPage, covers
from callback_conformance.scenario import (
    Button,
    Component,
    Container,
    Field,
    ProgressBar,
    Store,
    Text,
    arg,
    background,
    generate,
    give,
    ordinary,
    wait_at,
)

RUN, OUT = Button("run"), Text("out", "before")
WAITING = wait_at("gate") >> give("done")
RETURNS_WORD = wait_at("gate") >> give(arg("word"))
INDICES = (1, 2, 3)


def rows(*indices: int) -> list[Component]:
    """For each index a button, a field, and a text where the results of its instance are shown."""
    components = [
        (Button(f"go[{n}]"), Field(f"name[{n}]", f"name {n}"), Text(f"out[{n}]", "before"))
        for n in indices
    ]
    return [component for row in components for component in row]


def of_a_row(**more: Any) -> Any:
    """The callback with an instance for each row."""
    options = {
        "output": "out[MATCH].children",
        "inputs": "go[MATCH].n_clicks",
        "job": RETURNS_WORD,
        **more,
    }
    return background(**options)


# Wildcards that raise.

PLAIN: dict[str, Any] = {
    "output": "out.children",
    "inputs": "run.n_clicks",
    "job": WAITING,
    "running": [("note.children", "busy", "over")],
    "cancel": ["stop.n_clicks"],
    "progress": "kept.data",
}
WILD: dict[str, dict[str, Any]] = {
    "output": {"output": "gadget[{}].children"},
    "inputs": {"inputs": "gadget[{}].n_clicks"},
    "state": {"state": "gadget[{}].value"},
    "running": {"running": [("gadget[{}].title", "busy", "over")]},
    "cancel": {"cancel": ["gadget[{}].n_clicks"]},
    "progress": {"progress": "gadget[{}].value"},
}
PARTS = (
    RUN,
    OUT,
    Button("stop"),
    Text("note"),
    Store("kept"),
    ProgressBar("gadget[1]"),
    ProgressBar("gadget[2]"),
)


def _named(part: Any, wildcard: str) -> Any:
    if isinstance(part, str):
        return part.format(wildcard)
    if isinstance(part, dict):
        return {key: _named(value, wildcard) for key, value in part.items()}
    return type(part)(_named(entry, wildcard) for entry in part)


def _refused(open_page: OpenPage, place: str, wildcard: str, names: str = "") -> None:
    wild = _named(WILD[place], wildcard)
    open_page.expect_error(*PARTS, background(**{**PLAIN, **wild}), names=names)
    page = open_page(*PARTS, background(**PLAIN))
    page.click("run")
    page.next_job().release("gate")
    page.expect_value("out.children", "done")


@covers("PATTERN-1")
@pytest.mark.parametrize("wildcard", ["ALL", "MATCH", "ALLSMALLER"])
@pytest.mark.parametrize("place", list(WILD))
def test_a_wildcard_raises(open_page: OpenPage, place: str, wildcard: str) -> None:
    _refused(open_page, place, wildcard)


@covers("PATTERN-2")
@pytest.mark.parametrize("place", list(WILD))
def test_the_error_names_the_id_with_the_wildcard(open_page: OpenPage, place: str) -> None:
    _refused(open_page, place, "ALL", names="gadget")


# ALL.


@covers("PATTERN-3")
def test_an_input_with_all_gives_the_values_of_all_in_the_order_of_the_page(
    open_page: OpenPage,
) -> None:
    page = open_page(
        *rows(3, 1, 2),
        OUT,
        background(output="out.children", inputs="name[ALL].value", job=WAITING),
    )
    page.set("name[1].value", "changed")
    job = page.next_job().wait_for_gate("gate")
    assert list(job.arguments.values()) == [["name 3", "changed", "name 2"]]
    job.release("gate")
    page.expect_value("out.children", "done")


@covers("PATTERN-3")
def test_a_state_with_all_gives_the_values_of_all_in_the_order_of_the_page(
    open_page: OpenPage,
) -> None:
    callback = background(
        output="out.children", inputs="run.n_clicks", state="name[ALL].value", job=WAITING
    )
    page = open_page(RUN, *rows(2, 10, 1), OUT, callback)
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    assert list(job.arguments.values()) == [1, ["name 2", "name 10", "name 1"]]
    job.release("gate")
    page.expect_value("out.children", "done")


@covers("PATTERN-3")
def test_components_that_have_come_and_gone_count_and_do_not(open_page: OpenPage) -> None:
    page = open_page(
        RUN,
        OUT,
        Field("name[7]", "name 7"),
        Container("place"),
        Button("more"),
        ordinary(output="place.children", inputs="more.n_clicks", job=generate(*rows(2, 1))),
        background(
            output="out.children", inputs="run.n_clicks", state="name[ALL].value", job=WAITING
        ),
    )
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    assert list(job.arguments.values()) == [1, ["name 7"]]
    job.release("gate")
    page.expect_value("out.children", "done")
    page.click("more")
    page.expect_value("out[1].children", "before")
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    assert list(job.arguments.values()) == [2, ["name 7", "name 2", "name 1"]]
    job.release("gate")
    page.set("out.children", "before")
    page.set("place.children", [])
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    assert list(job.arguments.values()) == [3, ["name 7"]]


# MATCH.


def runs_two_rows(open_page: OpenPage) -> Page:
    """A page of three rows, whose second and third have run."""
    page = open_page(*rows(*INDICES), of_a_row(state="name[MATCH].value"))
    page.click("go[2]")
    job = page.next_job().wait_for_gate("gate")
    assert list(job.arguments.values()) == [1, "name 2"]
    job.release("gate", "second").wait_for_end()
    page.settle()
    page.click("go[3]")
    page.next_job().release("gate", "third").wait_for_end()
    page.settle()
    return page


@covers("PATTERN-4")
def test_a_result_is_shown_by_the_output_that_matches_the_trigger(open_page: OpenPage) -> None:
    page = runs_two_rows(open_page)
    page.expect_value("out[2].children", "second")
    page.expect_value("out[3].children", "third")


@covers("PATTERN-11")
def test_a_result_is_shown_by_no_output_that_does_not_match_the_trigger(
    open_page: OpenPage,
) -> None:
    page = runs_two_rows(open_page)
    page.expect_no_job()
    assert page.events.values_of("out[1].children") == [], (
        "values of an output that no trigger matches"
    )
    assert "third" not in page.events.values_of("out[2].children"), "values of the output of row 2"


@covers("PATTERN-5")
@pytest.mark.parametrize("order", [(1, 2), (2, 1)], ids=["in order", "in reverse"])
@pytest.mark.parametrize(
    "state", ["name[MATCH].value", ()], ids=["other arguments", "equal arguments"]
)
def test_jobs_of_two_instances_each_deliver_their_result(
    open_page: OpenPage, state: Any, order: tuple[int, int]
) -> None:
    page = open_page(*rows(1, 2), of_a_row(state=state))
    jobs = {}
    for index in (1, 2):
        page.click(f"go[{index}]")
        jobs[index] = page.next_job().wait_for_gate("gate")
    for index in order:
        jobs[index].release("gate", f"result {index}").wait_for_end()
    page.expect_value("out[1].children", "result 1")
    page.expect_value("out[2].children", "result 2")
    assert page.events.values_of("out[1].children") == ["result 1"], "values of the output of row 1"


DISABLED = [("go[MATCH].disabled", True, False)]


@covers("PATTERN-6")
def test_a_running_value_with_match_holds_while_its_own_instance_runs(open_page: OpenPage) -> None:
    page = open_page(*rows(*INDICES), of_a_row(running=DISABLED, state="name[MATCH].value"))
    page.click("go[1]")
    first = page.next_job().wait_for_gate("gate")
    page.expect_value("go[1].disabled", True)
    page.click("go[2]")
    page.next_job().wait_for_gate("gate")
    page.expect_value("go[2].disabled", True)
    first.release_if_alive("gate", "first").wait_for_end()
    page.fence()
    page.expect_unchanged("go[2].disabled", True)


@covers("PATTERN-12")
def test_a_running_value_with_match_holds_for_no_other_instance(open_page: OpenPage) -> None:
    page = open_page(*rows(*INDICES), of_a_row(running=DISABLED, state="name[MATCH].value"))
    page.click("go[1]")
    first = page.next_job().wait_for_gate("gate")
    page.click("go[2]")
    second = page.next_job().wait_for_gate("gate")
    first.release_if_alive("gate", "first").wait_for_end()
    page.expect_value("go[1].disabled", False)
    second.release("gate", "second").wait_for_end()
    page.expect_value("go[2].disabled", False)
    page.expect_never("go[3].disabled", True)  # the row that was never triggered


@covers("PATTERN-6")
def test_a_running_value_with_match_holds_when_an_input_without_it_triggers(
    open_page: OpenPage,
) -> None:
    callback = of_a_row(inputs=["go[MATCH].n_clicks", "run.n_clicks"], running=DISABLED)
    page = open_page(RUN, *rows(1, 2), callback)
    page.click("run")
    for _ in (1, 2):
        page.next_job().wait_for_gate("gate")
    page.expect_value("go[1].disabled", True)
    page.expect_value("go[2].disabled", True)


# ALLSMALLER.


@covers("PATTERN-7")
def test_a_state_with_allsmaller_gives_the_values_before_the_triggers(open_page: OpenPage) -> None:
    page = open_page(*rows(3, 1, 2), of_a_row(state="name[ALLSMALLER].value"))
    for index, smaller in ((3, ["name 1", "name 2"]), (2, ["name 1"]), (1, [])):
        page.click(f"go[{index}]")
        job = page.next_job().wait_for_gate("gate")
        assert list(job.arguments.values()) == [1, smaller]
        job.release("gate", f"result {index}")
        page.expect_value(f"out[{index}].children", f"result {index}")


@covers("PATTERN-7")
def test_an_input_with_allsmaller_gives_the_values_before_the_triggers(
    open_page: OpenPage,
) -> None:
    callback = of_a_row(inputs=["go[MATCH].n_clicks", "name[ALLSMALLER].value"])
    page = open_page(*rows(1, 2, 3), callback)
    page.click("go[3]")
    job = page.next_job().wait_for_gate("gate")
    assert list(job.arguments.values()) == [1, ["name 1", "name 2"]]
    job.release("gate", "result")
    page.expect_value("out[3].children", "result")
