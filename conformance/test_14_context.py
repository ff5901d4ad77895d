"""SPEC.md, chapter 14: Context."""

from __future__ import annotations

from typing import Any

from callback_conformance.control.job import JobRun
from callback_conformance.plugin import OpenPage, covers
from callback_conformance.scenario import (
    Button,
    Field,
    Text,
    announce,
    background,
    emit_trigger,
    emit_values,
    give,
    wait_at,
)

RUN, GO, OUT, NAME = Button("run"), Button("go"), Text("out", "before"), Field("name", "Ada")
ASKING = wait_at("gate") >> emit_trigger() >> wait_at("asked") >> give("done")
TELLING = wait_at("gate") >> emit_values() >> wait_at("asked") >> give("done")


def asking(job: Any, **more: Any) -> Any:
    """The callback of two buttons whose job asks for what has triggered it."""
    inputs = ["run.n_clicks", "go.n_clicks"]
    return background(output="out.children", inputs=inputs, job=job, **more)


def told_of(job: JobRun) -> tuple[str, list[tuple[str, Any]]]:
    """The trigger of which a job was told: the component's id; properties and their values."""
    [facts] = job.wait_for_event("trigger").emitted("trigger")
    return facts["id"], [(one["prop_id"], one["value"]) for one in facts["triggered"]]


@covers("CONTEXT-1")
def test_a_job_that_asks_for_its_trigger_is_not_given_one(open_page: OpenPage) -> None:
    steps = wait_at("gate") >> announce("asks") >> emit_trigger() >> give("done")
    page = open_page(RUN, GO, OUT, asking(steps))
    page.click("go")
    job = page.next_job().release("gate").wait_for_event("asks").wait_for_end()
    told = [facts["triggered"] for facts in job.emitted("trigger")]
    assert told in ([], [[]]), "what the job was told of its trigger, if it was not refused"


@covers("CONTEXT-2")
def test_a_job_is_told_the_input_that_changed(open_page: OpenPage) -> None:
    page = open_page(RUN, GO, OUT, asking(ASKING))
    for clicked, times in (("go", 1), ("run", 1), ("run", 2)):
        page.click(clicked)
        job = page.next_job().release("gate").wait_for_gate("asked")
        assert told_of(job) == (clicked, [(f"{clicked}.n_clicks", times)])
        job.release("asked").wait_for_end()
        page.settle()


@covers("CONTEXT-2")
def test_a_trigger_is_not_that_of_another_page_with_equal_arguments(open_page: OpenPage) -> None:
    page = open_page(RUN, GO, OUT, asking(ASKING))
    other = page.another_user()
    for one, first in ((page, "run"), (other, "go")):
        one.click(first)
        one.next_job().release("gate").release("asked").wait_for_end()
        one.settle()
    page.click("go")
    job = page.next_job().wait_for_gate("gate")
    other.click("run")
    others = other.next_job().wait_for_gate("gate")
    assert job.arguments.values() == others.arguments.values() or job.arguments == others.arguments
    job.release("gate").wait_for_gate("asked")
    others.release("gate").wait_for_gate("asked")
    assert told_of(job) == ("go", [("go.n_clicks", 1)])
    assert told_of(others) == ("run", [("run.n_clicks", 1)])


@covers("CONTEXT-2")
def test_a_trigger_is_not_that_of_a_later_run(open_page: OpenPage) -> None:
    page = open_page(RUN, GO, OUT, asking(ASKING))
    page.click("run")
    old = page.next_job().wait_for_gate("gate")
    page.click("go")
    new = page.next_job().wait_for_gate("gate")
    old.release_if_alive("gate").wait_for_gate_if_alive("asked")
    new.release("gate").wait_for_gate("asked")
    assert told_of(new) == ("go", [("go.n_clicks", 1)])
    if old.emitted("trigger"):
        assert told_of(old) == ("run", [("run.n_clicks", 1)])


def values_of(job: JobRun) -> dict[str, Any]:
    """The values of which a job was told."""
    [facts] = job.wait_for_event("values").emitted("values")
    return {**facts["inputs"], **facts["states"]}


@covers("CONTEXT-3")
def test_a_job_is_told_the_values_that_it_was_called_with(open_page: OpenPage) -> None:
    page = open_page(RUN, GO, NAME, OUT, asking(TELLING, state="name.value"))
    page.click("go")
    job = page.next_job().wait_for_gate("gate")
    page.set("name.value", "Bob")
    job.release("gate").wait_for_gate("asked")
    told = values_of(job)
    assert told == {"run.n_clicks": None, "go.n_clicks": 1, "name.value": "Ada"}
    assert job.arguments == {"run_n_clicks": None, "go_n_clicks": 1, "name": "Ada"}


@covers("CONTEXT-3")
def test_the_values_are_not_those_of_another_page(open_page: OpenPage) -> None:
    page = open_page(RUN, GO, NAME, OUT, asking(TELLING, state="name.value"))
    other = page.another_user()
    page.set("name.value", page.user)
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    other.set("name.value", other.user)
    other.click("run")
    others = other.next_job().wait_for_gate("gate")
    others.release("gate").wait_for_gate("asked")
    job.release("gate").wait_for_gate("asked")
    assert values_of(job)["name.value"] == page.user
    assert values_of(others)["name.value"] == other.user


@covers("CONTEXT-3")
def test_the_values_are_not_those_of_a_later_run(open_page: OpenPage) -> None:
    page = open_page(RUN, GO, NAME, OUT, asking(TELLING, state="name.value"))
    page.click("run")
    old = page.next_job().wait_for_gate("gate")
    page.set("name.value", "Bob")
    page.click("run")
    new = page.next_job().wait_for_gate("gate")
    old.release_if_alive("gate").wait_for_gate_if_alive("asked")
    new.release("gate").wait_for_gate("asked")
    assert values_of(new)["name.value"] == "Bob"
    assert values_of(new)["run.n_clicks"] == 2
    if old.emitted("values"):
        assert values_of(old)["name.value"] == "Ada"
