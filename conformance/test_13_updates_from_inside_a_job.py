"""SPEC.md, chapter 13: Updates from inside a job."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from callback_conformance.plugin import Capability, OpenPage, covers, needs, wire_only
from callback_conformance.scenario import (
    Button,
    Field,
    Job,
    Manager,
    Step,
    Text,
    arg,
    background,
    die,
    give,
    no_update,
    ordinary,
    raise_error,
    set_props,
    tell_error,
    wait_at,
)

RUN, CANCEL, OUT, NOTE = Button("run"), Button("cancel"), Text("out", "before"), Text("note")
OTHER, NAME = Text("other"), Field("name", "")
WAITING = wait_at("gate") >> give("done")


def updating(job: Job, **more: Any) -> Any:
    """The callback of ``run`` whose job sets properties that are none of its outputs."""
    return background(**{"output": "out.children", "inputs": "run.n_clicks", "job": job, **more})


@covers("UPDATE-1")
@pytest.mark.parametrize("prop", ["note.children", "note.title", "row[2].children"])
def test_what_a_job_sets_is_shown_while_it_runs(open_page: OpenPage, prop: str) -> None:
    rows = (Text("row[1]"), Text("row[2]"))
    page = open_page(RUN, OUT, NOTE, *rows, updating(set_props(prop, "half") >> WAITING))
    page.click("run")
    job = page.next_job().reaches("gate")
    page.shows(prop, "half")
    assert page.history("row[1].children") == [], "values of a component that the job does not name"
    job.release("gate")
    page.shows("out.children", "done")


SEVERAL = {"note.children": "a", "other.children": "b", "note.title": "c", "other.title": "d"}


@covers("UPDATE-2")
def test_all_that_a_job_sets_between_two_questions_is_shown(open_page: OpenPage) -> None:
    steps = Job(tuple(set_props(prop, value) for prop, value in SEVERAL.items()))
    page = open_page(RUN, OUT, NOTE, OTHER, updating(steps >> WAITING))
    page.click("run")
    page.next_job().reaches("gate")
    for prop, value in SEVERAL.items():
        page.shows(prop, value)


@covers("UPDATE-2")
def test_all_that_a_job_sets_right_before_its_end_is_shown(open_page: OpenPage) -> None:
    steps = Job(tuple(set_props(prop, value) for prop, value in SEVERAL.items()))
    page = open_page(RUN, OUT, NOTE, OTHER, updating(wait_at("gate") >> steps >> give("done")))
    page.click("run")
    page.next_job().release("gate").ends()
    page.shows("out.children", "done")
    for prop, value in SEVERAL.items():
        page.shows(prop, value)


@wire_only
@covers("UPDATE-2")
@needs(Capability.OBSERVABLE_STORE)
@pytest.mark.parametrize("reads", range(1, 7))  # a poll of ours reads five times
def test_what_a_job_sets_while_a_question_is_answered_is_shown(
    open_page: OpenPage, reads: int
) -> None:
    steps = (
        set_props("note.children", "a")
        >> wait_at("first")
        >> set_props("note.children", "b")
        >> WAITING
    )
    page = open_page(RUN, OUT, NOTE, updating(steps), managers=(Manager("store", told=True),))
    page.click("run")
    job = page.next_job().reaches("first")
    read = page.hold("store read")
    poll = page.poll_in_flight()
    read.let_pass(reads - 1, until=poll)  # the server has read so much, and has not yet answered
    job.release("first").reaches("gate")
    read.release()
    poll.join()
    page.shows("note.children", "b")


@covers("UPDATE-3")
def test_what_a_job_sets_never_runs_backwards(open_page: OpenPage) -> None:
    steps = set_props("note.title", 1) >> wait_at("first") >> set_props("note.title", 2)
    page = open_page(RUN, OUT, NOTE, updating(steps >> set_props("note.title", 3) >> WAITING))
    page.click("run")
    job = page.next_job().reaches("first")
    page.shows("note.title", 1)
    job.release("first").reaches("gate")
    page.shows("note.title", 3)
    job.release("gate")
    page.shows("out.children", "done")
    page.fence()
    seen = page.history("note.title")
    assert all(one <= then for one, then in pairwise(seen)), f"values in their order: {seen}"
    page.shows_still("note.title", 3)


@covers("UPDATE-4")
def test_what_a_job_sets_is_set_once(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, NAME, updating(set_props("name.value", "job") >> WAITING))
    page.click("run")
    job = page.next_job().reaches("gate")
    page.shows("name.value", "job")
    page.set("name.value", "user")
    page.poll()
    page.shows_still("name.value", "user")
    job.release("gate")
    page.shows("out.children", "done")
    page.shows_still("name.value", "user")
    assert page.history("name.value").count("job") == 1, "times that the value was set"


@covers("UPDATE-4")
def test_what_a_job_sets_is_not_set_by_a_later_run(open_page: OpenPage) -> None:
    page = open_page(
        RUN,
        OUT,
        NOTE,
        NAME,
        updating(
            wait_at("start") >> set_props("note.children", arg("word")) >> WAITING,
            inputs="name.value",
        ),
    )
    page.set("name.value", "same")
    page.next_job().release("start", "first").release("gate")
    page.shows("out.children", "done")
    page.shows("note.children", "first")
    page.set("name.value", "same")
    later = page.next_job().reaches("start")
    page.fence()
    assert page.history("note.children").count("first") == 1, "times that the value was set"
    later.release("start", "second").reaches("gate")
    page.shows("note.children", "second")


@covers("UPDATE-5")
@pytest.mark.parametrize(
    "end", [raise_error("no"), die(), no_update()], ids=["raises", "dies", "declines"]
)
def test_what_a_job_set_before_an_end_without_result_is_shown(
    open_page: OpenPage, end: Step
) -> None:
    steps = wait_at("gate") >> set_props("note.children", "said") >> end
    page = open_page(RUN, OUT, NOTE, updating(steps))
    page.click("run")
    page.next_job().release("gate").ends()
    page.shows("note.children", "said")


@covers("UPDATE-6")
def test_what_a_job_sets_reaches_no_other_user(open_page: OpenPage) -> None:
    steps = wait_at("start") >> set_props("note.children", arg("word")) >> WAITING
    page = open_page(RUN, OUT, NOTE, updating(steps))
    other = page.another_user()
    page.click("run")
    job = page.next_job().reaches("start")
    other.click("run")
    others = other.next_job().reaches("start")
    job.release("start", page.user).reaches("gate")
    other.never_showed("note.children", page.user)
    page.shows("note.children", page.user)
    others.release("start", other.user).reaches("gate")
    page.never_showed("note.children", other.user)
    other.shows("note.children", other.user)


@covers("UPDATE-7")
@pytest.mark.parametrize("second", ["another", "first"], ids=["other arguments", "equal arguments"])
def test_what_a_replaced_job_set_is_not_set_any_more(open_page: OpenPage, second: str) -> None:
    steps = wait_at("start") >> set_props("note.children", arg("word")) >> WAITING
    page = open_page(NAME, OUT, NOTE, updating(steps, inputs="name.value"))
    page.set("name.value", "first")
    old = page.next_job().release("start", "old").reaches("gate")
    page.set("name.value", second)
    new = page.next_job().reaches("start")
    page.fence()
    page.never_showed("note.children", "old")
    old.release_if_alive("gate").ends()
    new.release("start", "new").reaches("gate")
    page.shows("note.children", "new")
    new.release("gate")
    page.shows("out.children", "done")
    page.never_showed("note.children", "old")


@covers("UPDATE-7")
def test_what_a_cancelled_job_set_is_not_set_any_more(open_page: OpenPage) -> None:
    steps = wait_at("start") >> set_props("note.children", arg("word")) >> WAITING
    page = open_page(
        NAME, CANCEL, OUT, NOTE, updating(steps, inputs="name.value", cancel="cancel.n_clicks")
    )
    page.set("name.value", "same")
    old = page.next_job().release("start", "old").reaches("gate")
    page.click("cancel")
    old.ends()
    page.settle()
    page.never_showed("note.children", "old")


@covers("UPDATE-7")
def test_what_a_cancelled_job_set_is_not_set_by_a_later_run(open_page: OpenPage) -> None:
    steps = wait_at("start") >> set_props("note.children", arg("word")) >> WAITING
    page = open_page(
        NAME, CANCEL, OUT, NOTE, updating(steps, inputs="name.value", cancel="cancel.n_clicks")
    )
    page.set("name.value", "same")
    old = page.next_job().reaches("start")
    page.poll()
    old.release("start", "old").reaches("gate")
    page.click("cancel")
    old.ends()
    page.set("name.value", "same")
    new = page.next_job().reaches("start")
    page.fence()
    page.never_showed("note.children", "old")
    new.release("start", "new").reaches("gate")
    page.shows("note.children", "new")


@covers("UPDATE-8")
@pytest.mark.parametrize(
    "end", [give(None), raise_error("no"), die()], ids=["returns", "raises", "dies"]
)
def test_a_job_of_a_callback_without_output_is_executed_and_running_ends_with_it(
    open_page: OpenPage, end: Step
) -> None:
    running = [("note.children", "busy", "over")]
    callback = background(inputs="run.n_clicks", running=running, job=wait_at("gate") >> end)
    page = open_page(RUN, NOTE, callback)
    page.click("run")
    job = page.next_job().reaches("gate")
    page.shows("note.children", "busy")
    page.fence()
    page.shows_still("note.children", "busy")
    job.release("gate").ends()
    page.shows("note.children", "over")


TWO = wait_at("start") >> set_props("note.children", "one") >> wait_at("gate")


@covers("UPDATE-9")
def test_two_jobs_of_callbacks_without_output_leave_each_other_alone(open_page: OpenPage) -> None:
    there = wait_at("start") >> set_props("other.children", "two") >> wait_at("gate")
    page = open_page(
        RUN,
        Button("go"),
        NOTE,
        OTHER,
        background(inputs="run.n_clicks", job=TWO, name="here"),
        background(inputs="go.n_clicks", job=there, name="there"),
    )
    page.click("run")
    here = page.next_job().reaches("start")
    page.click("go")
    other = page.next_job().reaches("start")
    here.release("start").reaches("gate")
    other.release("start").reaches("gate")
    page.shows("note.children", "one")
    page.shows("other.children", "two")


@covers("UPDATE-9")
def test_an_ordinary_callback_without_output_leaves_a_job_alone(open_page: OpenPage) -> None:
    page = open_page(
        RUN,
        Button("look"),
        NOTE,
        OTHER,
        background(inputs="run.n_clicks", job=TWO),
        ordinary(output=(), inputs="look.n_clicks", job=set_props("other.children", "looked")),
    )
    page.click("run")
    job = page.next_job().reaches("start")
    page.click("look")
    page.shows("other.children", "looked")
    job.release("start").reaches("gate")
    page.shows("note.children", "one")


CAUGHT = tell_error() >> give("caught")


@covers("UPDATE-10")
def test_on_error_is_called_with_what_the_job_raised(open_page: OpenPage) -> None:
    failing = wait_at("gate") >> raise_error("no coffee left")
    page = open_page(RUN, OUT, updating(failing, on_error=CAUGHT))
    page.click("run")
    page.next_job().release("gate").ends()
    told = page.waits_for("error").facts
    assert told["exception"], "on_error is given an exception"
    assert "no coffee left" in told["text"], f"the exception's text: {told['text']!r}"
    page.settle()
    assert len(page.said("error")) == 1, "calls of on_error"


@covers("UPDATE-11")
def test_what_on_error_returns_is_shown_in_the_output(open_page: OpenPage) -> None:
    failing = wait_at("gate") >> raise_error("no coffee left")
    page = open_page(RUN, OUT, updating(failing, on_error=give("caught")))
    page.click("run")
    page.next_job().release("gate").ends()
    page.shows("out.children", "caught")


@covers("UPDATE-11")
def test_what_on_error_returns_is_shown_in_several_outputs(open_page: OpenPage) -> None:
    failing = wait_at("gate") >> raise_error("no coffee left")
    outputs = ["out.children", "note.children"]
    callback = updating(failing, output=outputs, on_error=give(["caught", "told"]))
    page = open_page(RUN, OUT, NOTE, callback)
    page.click("run")
    page.next_job().release("gate").ends()
    page.shows("out.children", "caught")
    page.shows("note.children", "told")


@covers("UPDATE-12")
@pytest.mark.parametrize(
    "end", [give("done"), no_update(), None], ids=["returns", "declines", "cancelled"]
)
def test_on_error_is_not_called_for_a_job_that_has_not_failed(
    open_page: OpenPage, end: Step | None
) -> None:
    steps = wait_at("gate") >> (end or give("never"))
    page = open_page(RUN, CANCEL, OUT, updating(steps, on_error=CAUGHT, cancel="cancel.n_clicks"))
    page.click("run")
    job = page.next_job().reaches("gate")
    page.poll()
    if end is None:
        page.click("cancel")
    else:
        job.release("gate")
    job.ends()
    page.settle()
    assert page.said("error") == [], "calls of on_error"
    page.never_showed("out.children", "caught")
