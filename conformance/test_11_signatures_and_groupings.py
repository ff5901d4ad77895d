"""SPEC.md, chapter 11: Signatures and groupings."""

from __future__ import annotations

from itertools import cycle
from typing import Any

import pytest

from callback_conformance.control.violation import Violation
from callback_conformance.page import Page
from callback_conformance.plugin import OpenPage, covers
from callback_conformance.plugin.strategies import drawn, groupings, json_lists
from callback_conformance.scenario import (
    NO_UPDATE,
    Background,
    Button,
    Dependency,
    Field,
    Step,
    Steps,
    Store,
    Text,
    arg,
    background,
    decline,
    give,
    leaves,
    no_update,
    wait_at,
)
from callback_conformance.scenario.equality import same

from .any_value import filled, job_of, receives_any, shows_any_result, stores

RUN, OUT, OTHER = Button("run"), Text("out", "before"), Text("other", "before")
FIELDS = (Field("a", "first"), Field("b", "second"), Field("c", "third"))
WAITING = wait_at("gate") >> give("done")


def out(inputs: Any, state: Any = (), **more: Any) -> Background:
    """The callback that puts the result ``done`` into ``out``."""
    return background(output="out.children", inputs=inputs, state=state, job=WAITING, **more)


# What the job is called with.


@covers("SIGN-1")
@pytest.mark.parametrize("kind", [list, tuple])
def test_a_list_or_tuple_of_inputs_is_passed_by_position(
    open_page: OpenPage, kind: type[Any]
) -> None:
    inputs = kind(["run.n_clicks", "b.value", "a.value"])
    page = open_page(RUN, OUT, *FIELDS, out(inputs, takes=("clicks", "one", "two")))
    assert job_of(page) == {"clicks": 1, "one": "second", "two": "first"}, "the job's arguments"


@covers("SIGN-1")
def test_a_list_of_state_is_passed_after_the_inputs(open_page: OpenPage) -> None:
    callback = out(["run.n_clicks"], ["c.value", "a.value"], takes=("clicks", "one", "two"))
    page = open_page(RUN, OUT, *FIELDS, callback)
    assert job_of(page) == {"clicks": 1, "one": "third", "two": "first"}, "the job's arguments"


@covers("SIGN-2")
def test_a_dictionary_is_passed_by_name(open_page: OpenPage) -> None:
    inputs = {"clicks": "run.n_clicks", "one": "b.value", "two": "a.value"}
    page = open_page(RUN, OUT, *FIELDS, out(inputs, takes=("two", "one", "clicks")))
    assert job_of(page) == {"clicks": 1, "one": "second", "two": "first"}, "the job's arguments"


@covers("SIGN-2")
def test_state_may_stand_in_a_dictionary_of_its_own(open_page: OpenPage) -> None:
    state = {"one": "b.value", "two": "a.value"}
    callback = out({"clicks": "run.n_clicks"}, state, takes=("two", "one", "clicks"))
    page = open_page(RUN, OUT, *FIELDS, callback)
    assert job_of(page) == {"clicks": 1, "one": "second", "two": "first"}, "the job's arguments"


@covers("SIGN-2")
def test_state_may_stand_in_the_dictionary_of_the_inputs(open_page: OpenPage) -> None:
    inputs = {"two": Dependency("State", "a.value"), "clicks": "run.n_clicks"}
    page = open_page(RUN, OUT, *FIELDS, out(inputs, takes=("clicks", "two")))
    page.set("a.value", "typed")
    page.expect_no_job()
    assert job_of(page) == {"clicks": 1, "two": "typed"}, "the job's arguments"


@covers("SIGN-3")
def test_groupings_in_a_dictionary_keep_their_form(open_page: OpenPage) -> None:
    inputs = {
        "clicks": "run.n_clicks",
        "pair": ["b.value", "a.value"],
        "named": {"x": "c.value", "y": ("a.value", "b.value")},
    }
    page = open_page(RUN, OUT, *FIELDS, out(inputs))
    assert job_of(page) == {
        "clicks": 1,
        "pair": ["second", "first"],
        "named": {"x": "third", "y": ["first", "second"]},
    }, "the job's arguments"


@covers("SIGN-3")
def test_groupings_in_a_list_keep_their_form(open_page: OpenPage) -> None:
    inputs = ["run.n_clicks", ["b.value", "a.value"], {"x": "c.value"}]
    page = open_page(RUN, OUT, *FIELDS, out(inputs, takes=("clicks", "pair", "named")))
    assert job_of(page) == {"clicks": 1, "pair": ["second", "first"], "named": {"x": "third"}}, (
        "the job's arguments"
    )


# Whatever the values, and whatever the form.


@covers("SIGN-1")
def test_any_values_are_passed_by_position(open_page: OpenPage) -> None:
    state = ["s0.data", "s1.data", "s2.data"]
    names = ("clicks", "zero", "one", "two")
    callback = out(["run.n_clicks"], state, takes=names)
    page = open_page(RUN, OUT, *stores(state), callback)
    receives_any(page, dict(zip(names[1:], state, strict=True)))


@covers("SIGN-2")
def test_any_values_are_passed_by_name(open_page: OpenPage) -> None:
    state = {"zero": "s0.data", "one": "s1.data"}
    callback = out({"clicks": "run.n_clicks"}, state, takes=("one", "clicks", "zero"))
    page = open_page(RUN, OUT, *stores(state), callback)
    receives_any(page, state)


@covers("SIGN-3")
@drawn(grouping=groupings(), values=json_lists(4))
def test_any_grouping_is_passed_in_its_form(
    open_page: OpenPage, grouping: Any, values: list[Any]
) -> None:
    held = dict(zip(leaves(grouping), cycle(values), strict=False))
    callback = out({"clicks": "run.n_clicks"}, {"drawn": grouping})
    page = open_page(RUN, OUT, *stores(grouping), callback)
    for prop, value in held.items():
        page.set(prop, value)
    drawn, wanted = job_of(page)["drawn"], filled(grouping, held)
    assert same(drawn, wanted), f"the job's argument is {drawn!r}; expected {wanted!r}"


# Where the result goes.


def both(job: Steps | Step, output: Any = ("out.children", "other.children")) -> Background:
    """The callback of ``run`` with two outputs."""
    output = list(output) if isinstance(output, tuple) else output
    return background(output=output, inputs="run.n_clicks", job=job)


def shown(page: Page) -> dict[str, Any]:
    """What the two outputs hold."""
    return {name: page.get(f"{name}.children") for name in ("out", "other")}


BY_NAME = {"here": "out.children", "there": "other.children"}


@covers("SIGN-4")
def test_with_a_dictionary_each_output_shows_the_item_of_its_key(open_page: OpenPage) -> None:
    result = give({"there": "second", "here": "first"})
    page = open_page(RUN, OUT, OTHER, both(wait_at("gate") >> result, BY_NAME))
    page.click("run")
    page.next_job().release("gate")
    page.expect_value("out.children", "first")
    page.expect_value("other.children", "second")


@covers("SIGN-4")
def test_an_output_within_a_grouping_shows_the_item_of_its_place(open_page: OpenPage) -> None:
    output = {"pair": ["out.children", "other.children"], "named": {"last": "third.children"}}
    result = give({"named": {"last": "three"}, "pair": ["one", "two"]})
    page = open_page(RUN, OUT, OTHER, Text("third"), both(wait_at("gate") >> result, output))
    page.click("run")
    page.next_job().release("gate")
    page.expect_value("third.children", "three")
    page.expect_value("out.children", "one")
    page.expect_value("other.children", "two")


@covers("SIGN-4")
@drawn(grouping=groupings(), values=json_lists(4))
def test_any_grouping_of_outputs_shows_its_items(
    open_page: OpenPage, grouping: Any, values: list[Any]
) -> None:
    held = dict(zip(leaves(grouping), cycle(values), strict=False))
    job = wait_at("gate") >> give({"drawn": arg("result")})
    callback = background(
        output={"drawn": grouping},
        inputs={"clicks": "run.n_clicks"},
        state={"result": "given.data"},
        job=job,
    )
    page = open_page(RUN, Store("given"), *stores(grouping), callback)
    page.set("given.data", filled(grouping, held))
    page.click("run")
    page.next_job().release("gate")
    for prop, value in held.items():
        page.expect_value(prop, value)


@covers("SIGN-5")
def test_a_list_of_one_output_shows_any_item(open_page: OpenPage) -> None:
    job = wait_at("gate") >> give([arg("given")])
    callback = background(output=["kept.data"], inputs="run.n_clicks", state="given.data", job=job)
    shows_any_result(open_page(RUN, Store("kept"), Store("given"), callback))


@covers("SIGN-5")
@pytest.mark.parametrize("value", ["only", ["one", "two"]], ids=["text", "list"])
def test_a_list_of_one_output_shows_the_only_item(open_page: OpenPage, value: Any) -> None:
    job = wait_at("gate") >> give([value])
    page = open_page(RUN, OUT, background(output=["out.children"], inputs="run.n_clicks", job=job))
    page.click("run")
    page.next_job().release("gate")
    page.expect_value("out.children", value)


# No update.

DECLINES = {
    "raised": decline(),
    "for all": no_update(),
    "for each": give([NO_UPDATE, NO_UPDATE]),
}


@covers("SIGN-6")
@pytest.mark.parametrize("end", DECLINES.values(), ids=DECLINES)
def test_the_outputs_of_a_job_that_declines_keep_their_values(
    open_page: OpenPage, end: Step
) -> None:
    page = open_page(RUN, OUT, OTHER, both(wait_at("gate") >> end))
    page.click("run")
    page.next_job().release("gate").wait_for_end()
    page.go_on_until_idle()
    assert shown(page) == {"out": "before", "other": "before"}, "what the outputs hold"
    for prop in ("out.children", "other.children"):
        assert page.events.values_of(prop) == [], "values that the output was given"


@covers("SIGN-6")
def test_the_output_of_a_job_that_declines_keeps_its_value(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, both(wait_at("gate") >> no_update(), "out.children"))
    page.click("run")
    page.next_job().release("gate").wait_for_end()
    page.go_on_until_idle()
    assert page.events.values_of("out.children") == [], "values that the output was given"


@covers("SIGN-13")
@pytest.mark.parametrize("end", [decline(), no_update()], ids=["raised", "returned"])
def test_a_job_that_declines_is_not_shown_as_a_failure(open_page: OpenPage, end: Step) -> None:
    page = open_page(RUN, OUT, both(wait_at("gate") >> end, "out.children"))
    page.click("run")
    page.next_job().release("gate").wait_for_end()
    for _ in range(2):  # the first poll after the end may bring what was reported before it
        page.fence()
    assert list(page.errors) == [], "errors on the page"


each_partial = pytest.mark.parametrize(
    ("output", "result"),
    [
        (("out.children", "other.children"), [NO_UPDATE, "done"]),
        (BY_NAME, {"here": NO_UPDATE, "there": "done"}),
    ],
    ids=["by position", "by name"],
)


@covers("SIGN-7")
@each_partial
def test_an_output_without_update_keeps_its_value_beside_one_that_is_set(
    open_page: OpenPage, output: Any, result: Any
) -> None:
    page = open_page(RUN, OUT, OTHER, both(wait_at("gate") >> give(result), output))
    page.click("run")
    page.next_job().release("gate").wait_for_end()
    page.go_on_until_idle()
    assert page.events.values_of("out.children") == [], "values that the output was given"


@covers("SIGN-14")
@each_partial
def test_an_output_with_a_value_shows_it_beside_one_without_update(
    open_page: OpenPage, output: Any, result: Any
) -> None:
    page = open_page(RUN, OUT, OTHER, both(wait_at("gate") >> give(result), output))
    page.click("run")
    page.next_job().release("gate")
    page.expect_value("other.children", "done")


# Results of another form.

WRONG = {
    "too few": (None, ["one"]),
    "too many": (None, ["one", "two", "three"]),
    "a text": (None, "ab"),
    "a number": (None, 2),
    "nothing": (None, None),
    "a dictionary": (None, {"here": "one", "there": "two"}),
    "a list": (BY_NAME, ["one", "two"]),
    "a missing key": (BY_NAME, {"here": "one"}),
    "another key": (BY_NAME, {"here": "one", "there": "two", "nowhere": "three"}),
    "no list": (["out.children"], "one"),
    "two for one": (["out.children"], ["one", "two"]),
}


@covers("SIGN-8")
@pytest.mark.parametrize(("output", "result"), WRONG.values(), ids=WRONG)
def test_a_result_of_another_form_is_shown_as_a_failure(
    open_page: OpenPage, output: Any, result: Any
) -> None:
    output = output or ("out.children", "other.children")
    page = open_page(RUN, OUT, OTHER, both(wait_at("gate") >> give(result), output))
    page.click("run")
    page.next_job().release("gate").wait_for_end()
    page.expect_error()
    assert shown(page) == {"out": "before", "other": "before"}, "what the outputs hold"


# One property on both sides.


def resets_its_input() -> Background:
    """The callback of ``run`` that sets the count of clicks to 0."""
    job = wait_at("gate") >> give(["done", 0])
    output = ["out.children", "run.n_clicks"]
    return background(output=output, inputs="run.n_clicks", job=job)


@covers("SIGN-9")
def test_an_output_that_is_an_input_is_set(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, resets_its_input())
    page.click("run")
    page.next_job().release("gate")
    page.expect_value("run.n_clicks", 0)


@covers("SIGN-15")
def test_an_output_that_is_an_input_triggers_nothing_when_it_is_set(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, resets_its_input())
    for _ in range(2):
        page.click("run")
        started = page.next_job().wait_for_gate("gate")
        if started.arguments != {"n_clicks": 1}:  # the previous round was too early to see it
            raise Violation(
                f"{started} has {started.arguments}: it started, but no job was expected"
            )
        started.release("gate")
        page.expect_value("out.children", "done")
        page.expect_no_job()
