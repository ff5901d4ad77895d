"""SPEC.md, chapter 11: Signatures and groupings."""

from __future__ import annotations

from typing import Any

import pytest

from harness.pages import Page
from harness.plugin import OpenPage, covers
from harness.scenario import (
    NO_UPDATE,
    Background,
    Button,
    Dependency,
    Field,
    Job,
    Step,
    Text,
    background,
    decline,
    give,
    if_told,
    no_update,
    wait_at,
)

RUN, OUT, OTHER = Button("run"), Text("out", "before"), Text("other", "before")
FIELDS = (Field("a", "first"), Field("b", "second"), Field("c", "third"))
WAITING = wait_at("gate") >> give("done")


def job_of(page: Page) -> Any:
    """The arguments of the job that a click on ``run`` starts; its result is shown."""
    page.click("run")
    job = page.next_job().reaches("gate")
    job.release("gate")
    page.shows("out.children", "done")
    return job.arguments


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
    page.no_job_has_started()
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


# Where the result goes.


def both(job: Job | Step, output: Any = ("out.children", "other.children")) -> Background:
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
    page.shows("out.children", "first")
    page.shows("other.children", "second")


@covers("SIGN-4")
def test_an_output_within_a_grouping_shows_the_item_of_its_place(open_page: OpenPage) -> None:
    output = {"pair": ["out.children", "other.children"], "named": {"last": "third.children"}}
    result = give({"named": {"last": "three"}, "pair": ["one", "two"]})
    page = open_page(RUN, OUT, OTHER, Text("third"), both(wait_at("gate") >> result, output))
    page.click("run")
    page.next_job().release("gate")
    page.shows("third.children", "three")
    page.shows("out.children", "one")
    page.shows("other.children", "two")


@covers("SIGN-5")
@pytest.mark.parametrize("value", ["only", ["one", "two"]], ids=["text", "list"])
def test_a_list_of_one_output_shows_the_only_item(open_page: OpenPage, value: Any) -> None:
    job = wait_at("gate") >> give([value])
    page = open_page(RUN, OUT, background(output=["out.children"], inputs="run.n_clicks", job=job))
    page.click("run")
    page.next_job().release("gate")
    page.shows("out.children", value)


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
    keeps_both(open_page, wait_at("gate") >> end)


@covers("SIGN-6")
def test_the_output_of_a_job_that_declines_keeps_its_value(open_page: OpenPage) -> None:
    job = wait_at("gate") >> if_told("decline", no_update()) >> give("done")
    page = open_page(RUN, OUT, background(output="out.children", inputs="run.n_clicks", job=job))
    page.click("run")
    page.next_job().release("gate", "decline").ends()
    page.settle()
    assert page.history("out.children") == [], "values that the output was given"
    assert list(page.errors) == [], "errors on the page"
    page.click("run")
    page.next_job().release("gate", "go on")
    page.shows("out.children", "done")


def keeps_both(open_page: OpenPage, job: Job) -> None:
    """After this job neither of two outputs has been set, and no failure is shown."""
    page = open_page(RUN, OUT, OTHER, both(job))
    page.click("run")
    page.next_job().release("gate").ends()
    page.settle()
    assert shown(page) == {"out": "before", "other": "before"}, "what the outputs hold"
    assert page.history("out.children") == [], "values that the first output was given"
    assert page.history("other.children") == [], "values that the second output was given"
    assert list(page.errors) == [], "errors on the page"


@covers("SIGN-7")
@pytest.mark.parametrize(
    ("output", "result"),
    [
        (("out.children", "other.children"), [NO_UPDATE, "done"]),
        (BY_NAME, {"here": NO_UPDATE, "there": "done"}),
    ],
    ids=["by position", "by name"],
)
def test_an_output_without_update_keeps_its_value_beside_one_that_is_set(
    open_page: OpenPage, output: Any, result: Any
) -> None:
    page = open_page(RUN, OUT, OTHER, both(wait_at("gate") >> give(result), output))
    page.click("run")
    page.next_job().release("gate")
    page.shows("other.children", "done")
    page.shows_still("out.children", "before")
    assert page.history("out.children") == [], "values that the output was given"


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
    page.next_job().release("gate").ends()
    page.fails()
    assert shown(page) == {"out": "before", "other": "before"}, "what the outputs hold"


# One property on both sides.


@covers("SIGN-9")
def test_an_output_that_is_an_input_is_set_without_another_trigger(open_page: OpenPage) -> None:
    job = wait_at("gate") >> give(["done", 0])
    output = ["out.children", "run.n_clicks"]
    page = open_page(RUN, OUT, background(output=output, inputs="run.n_clicks", job=job))
    for _ in range(2):
        page.click("run")
        job = page.next_job().reaches("gate")
        assert job.arguments == {"n_clicks": 1}, "the job's arguments"
        job.release("gate")
        page.shows("run.n_clicks", 0)
        page.shows("out.children", "done")
        page.no_job_has_started()
