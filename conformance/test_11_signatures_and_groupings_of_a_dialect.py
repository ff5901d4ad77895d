"""SPEC.md, chapter 11: Signatures and groupings. What one dialect has alone."""

from __future__ import annotations

from typing import Any

import pytest

from callback_conformance.plugin import Capability, OpenPage, covers, needs
from callback_conformance.scenario import (
    Background,
    Button,
    Field,
    Manager,
    Text,
    background,
    give,
    wait_at,
)

from .any_value import job_of

RUN, OUT, OTHER = Button("run"), Text("out", "before"), Text("other", "before")
FIELDS = (Field("a", "first"), Field("b", "second"))
WAITING = wait_at("gate") >> give("done")


def out(inputs: Any, state: Any = (), **more: Any) -> Background:
    """The callback that puts the result ``done`` into ``out``."""
    return background(output="out.children", inputs=inputs, state=state, job=WAITING, **more)


either_state = pytest.mark.parametrize(
    "state", [[], ["a.value", "b.value"]], ids=["inputs", "inputs and state"]
)


@covers("SIGN-10")
@either_state
def test_of_dependencies_given_as_args_the_inputs_trigger(
    open_page: OpenPage, state: list[str]
) -> None:
    page = open_page(RUN, OUT, *FIELDS, out(["run.n_clicks"], state))
    page.set("a.value", "typed")
    page.expect_no_job()
    page.click("run")
    page.next_job().wait_for_gate("gate")


@covers("SIGN-16")
@either_state
def test_the_values_of_dependencies_given_as_args_are_the_arguments(
    open_page: OpenPage, state: list[str]
) -> None:
    page = open_page(RUN, OUT, *FIELDS, out(["run.n_clicks"], state))
    page.set("a.value", "typed")
    fields = {"a": "typed", "b": "second"} if state else {}
    assert job_of(page) == {"n_clicks": 1, **fields}, "the job's arguments"


@covers("SIGN-12")
@pytest.mark.parametrize("by_name", [True, False], ids=["by name", "by position"])
@pytest.mark.parametrize("listed", [True, False], ids=["lists", "single"])
def test_dependencies_are_taken_by_name_and_by_position(
    open_page: OpenPage, listed: bool, by_name: bool
) -> None:
    inputs, state = "run.n_clicks", "a.value"
    dependencies = (
        {"inputs": [inputs], "state": [state]} if listed else {"inputs": inputs, "state": state}
    )
    callback = background(output="out.children", job=WAITING, by_name=by_name, **dependencies)
    page = open_page(RUN, OUT, *FIELDS, callback)
    page.set("a.value", "typed")
    page.expect_no_job()
    assert job_of(page) == {"n_clicks": 1, "a": "typed"}, "the job's arguments"


@covers("SIGN-11")
@needs(Capability.OWN_STORE)
def test_a_manager_without_a_cache_delivers(open_page: OpenPage) -> None:
    managers = (Manager("manager", cache=False),)
    page = open_page(RUN, OUT, out("run.n_clicks"), managers=managers)
    assert job_of(page) == {"n_clicks": 1}, "the job's arguments"


@covers("SIGN-11")
@needs(Capability.OWN_STORE)
def test_two_managers_without_a_cache_deliver_side_by_side(open_page: OpenPage) -> None:
    managers = (Manager("one", cache=False), Manager("two", cache=False))
    other = background(
        output="other.children",
        inputs="go.n_clicks",
        job=wait_at("gate") >> give("other"),
        manager="two",
        name="second",
    )
    parts = (RUN, Button("go"), OUT, OTHER, out("run.n_clicks"), other)
    page = open_page(*parts, managers=managers)
    page.click("run")
    first = page.next_job().wait_for_gate("gate")
    page.click("go")
    page.next_job().release("gate")
    page.expect_value("other.children", "other")
    first.release("gate")
    page.expect_value("out.children", "done")
