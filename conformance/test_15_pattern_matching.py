"""SPEC.md, chapter 15: Pattern matching.

``row[ALL]`` stands for all components of the family ``row``; ``row[1]`` is one of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from callback_conformance.control.job import JobRun
from callback_conformance.page import Page
from callback_conformance.plugin import OpenPage, covers
from callback_conformance.scenario import (
    Background,
    Button,
    Component,
    Container,
    Field,
    ProgressBar,
    Text,
    arg,
    background,
    generate,
    give,
    ordinary,
    report,
    wait_at,
)

from .rejected import expect_named

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


# A wildcard where none is promised.

GADGETS = (ProgressBar("gadget[1]", value="1"), ProgressBar("gadget[2]", value="2"))
OWN = {"output": "gadget[MATCH].title", "inputs": "gadget[MATCH].n_clicks"}
SMALLER = ["gadget[MATCH].n_clicks", "gadget[ALLSMALLER].value"]
LIT = [("gadget[ALL].lang", "busy", "over")]
OWN_LIT = [("gadget[MATCH].lang", "busy", "over")]


def wild(**options: Any) -> Background:
    """A callback of ``run``, or of the gadgets, that has a wildcard somewhere."""
    return background(
        **{"output": "out.children", "inputs": "run.n_clicks", "job": WAITING, **options}
    )


@dataclass(frozen=True)
class Works:
    """A callback with a wildcard, and what a job of it shows if the wildcard stands for what it should."""

    callback: Background
    arguments: list[Any]
    during: dict[str, Any] = field(default_factory=dict)
    afterwards: dict[str, Any] = field(default_factory=dict)


WILD = {
    "ALL output": Works(
        wild(output="gadget[ALL].title", job=wait_at("gate") >> give(["one", "two"])),
        [1],
        afterwards={"gadget[1].title": "one", "gadget[2].title": "two"},
    ),
    "MATCH output": Works(wild(**OWN), [1], afterwards={"gadget[2].title": "done"}),
    "ALL input": Works(wild(inputs="gadget[ALL].n_clicks"), [[None, 1]]),
    "ALLSMALLER input": Works(wild(**{**OWN, "inputs": SMALLER}), [1, ["1"]]),
    "ALL state": Works(wild(state="gadget[ALL].value"), [1, ["1", "2"]]),
    "MATCH state": Works(wild(**OWN, state="gadget[MATCH].value"), [1, "2"]),
    "ALLSMALLER state": Works(wild(**OWN, state="gadget[ALLSMALLER].value"), [1, ["1"]]),
    "ALL running": Works(
        wild(running=LIT),
        [1],
        {"gadget[1].lang": "busy", "gadget[2].lang": "busy"},
        {"gadget[1].lang": "over", "gadget[2].lang": "over"},
    ),
    "MATCH running": Works(
        wild(**OWN, running=OWN_LIT), [1], {"gadget[2].lang": "busy"}, {"gadget[2].lang": "over"}
    ),
    "MATCH progress": Works(
        wild(**OWN, progress="gadget[MATCH].lang", job=report("half") >> WAITING),
        [1],
        {"gadget[2].lang": "half"},
    ),
}
WILD_CANCEL = {
    "ALL": wild(cancel="gadget[ALL].value"),
    "MATCH": wild(**OWN, cancel="gadget[MATCH].value"),
}


def triggered(page: Page, callback: Background) -> JobRun:
    """The job of a trigger: of ``run``, or of the second gadget."""
    if callback.inputs == "run.n_clicks":
        page.click("run")
    else:
        page.set("gadget[2].n_clicks", 1)
    return page.next_job().wait_for_gate("gate")


def works_without(open_page: OpenPage) -> None:
    """The same program without a wildcard runs a job."""
    page = open_page(RUN, OUT, *GADGETS, wild())
    triggered(page, wild()).release("gate")
    page.expect_value("out.children", "done")


@covers("PATTERN-1")
@pytest.mark.parametrize("case", WILD.values(), ids=WILD)
def test_a_wildcard_is_rejected_or_stands_for_the_components_that_match(
    open_page: OpenPage, case: Works
) -> None:
    parts = (RUN, OUT, *GADGETS, case.callback)
    if open_page.rejection(*parts) is None:
        page = open_page(*parts)
        job = triggered(page, case.callback)
        assert list(job.arguments.values()) == case.arguments, "the job's arguments"
        for prop, value in case.during.items():
            page.expect_value(prop, value)
        job.release("gate").wait_for_end()
        page.settle()
        for prop, value in case.afterwards.items():
            page.expect_value(prop, value)
    works_without(open_page)


@covers("PATTERN-1")
@pytest.mark.parametrize("callback", WILD_CANCEL.values(), ids=WILD_CANCEL)
def test_a_wildcard_in_cancel_is_rejected_or_cancels(
    open_page: OpenPage, callback: Background
) -> None:
    parts = (RUN, OUT, *GADGETS, callback)
    if open_page.rejection(*parts) is None:
        page = open_page(*parts)
        job = triggered(page, callback)
        page.set("gadget[2].value", "stop")
        job.wait_for_end()
    works_without(open_page)


@covers("PATTERN-2")
@pytest.mark.parametrize("case", WILD.values(), ids=WILD)
def test_the_error_names_the_id_with_the_wildcard(open_page: OpenPage, case: Works) -> None:
    expect_named(open_page.rejection(RUN, OUT, *GADGETS, case.callback), "gadget")
    works_without(open_page)


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


@covers("PATTERN-8")
@pytest.mark.parametrize("place", ["inputs", "state"])
def test_an_input_or_state_with_match_gives_the_value_of_its_own_instance(
    open_page: OpenPage, place: str
) -> None:
    inputs = ["go[MATCH].n_clicks", *(["name[MATCH].value"] if place == "inputs" else [])]
    state = "name[MATCH].value" if place == "state" else ()
    page = open_page(*rows(*INDICES), of_a_row(inputs=inputs, state=state))
    page.click("go[2]")
    job = page.next_job().wait_for_gate("gate")
    assert list(job.arguments.values()) == [1, "name 2"], "the job's arguments"
    job.release("gate", "second")
    page.expect_value("out[2].children", "second")


def runs_two_rows(open_page: OpenPage) -> Page:
    """A page of three rows, whose second and third have run."""
    page = open_page(*rows(*INDICES), of_a_row(state="name[MATCH].value"))
    page.click("go[2]")
    page.next_job().release("gate", "second").wait_for_end()
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
