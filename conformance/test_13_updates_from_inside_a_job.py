"""SPEC.md, chapter 13: Updates from inside a job."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from callback_conformance.plugin import Capability, Feature, OpenPage, covers, needs, wire_only
from callback_conformance.scenario import (
    Button,
    Field,
    Manager,
    Step,
    Steps,
    Text,
    arg,
    background,
    die,
    emit_error,
    give,
    no_update,
    raise_error,
    set_props,
    wait_at,
)

from .chained import dependents, expect_triggered

RUN, CANCEL, OUT, NOTE = Button("run"), Button("cancel"), Text("out", "before"), Text("note")
OTHER, NAME = Text("other"), Field("name", "")
WAITING = wait_at("gate") >> give("done")


def updating(job: Steps, **more: Any) -> Any:
    """The callback of ``run`` whose job sets properties that are none of its outputs."""
    return background(**{"output": "out.children", "inputs": "run.n_clicks", "job": job, **more})


@covers("UPDATE-1")
@needs(Feature.SET_PROPS)
@pytest.mark.parametrize("prop", ["note.children", "note.title", "row[2].children"])
def test_what_a_job_sets_is_shown_while_it_runs(open_page: OpenPage, prop: str) -> None:
    rows = (Text("row[1]"), Text("row[2]"))
    page = open_page(RUN, OUT, NOTE, *rows, updating(set_props(prop, "half") >> WAITING))
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.expect_value(prop, "half")
    assert page.events.values_of("row[1].children") == [], (
        "values of a component that the job does not name"
    )
    job.release("gate")
    page.expect_value("out.children", "done")


SEVERAL = {"note.children": "a", "other.children": "b", "note.title": "c", "other.title": "d"}


@covers("UPDATE-2")
@needs(Feature.SET_PROPS)
def test_all_that_a_job_sets_between_two_polls_is_shown(open_page: OpenPage) -> None:
    steps = Steps(tuple(set_props(prop, value) for prop, value in SEVERAL.items()))
    page = open_page(RUN, OUT, NOTE, OTHER, updating(steps >> WAITING))
    page.click("run")
    page.next_job().wait_for_gate("gate")
    for prop, value in SEVERAL.items():
        page.expect_value(prop, value)


@covers("UPDATE-2")
@needs(Feature.SET_PROPS)
def test_all_that_a_job_sets_right_before_its_end_is_shown(open_page: OpenPage) -> None:
    steps = Steps(tuple(set_props(prop, value) for prop, value in SEVERAL.items()))
    page = open_page(RUN, OUT, NOTE, OTHER, updating(wait_at("gate") >> steps >> give("done")))
    page.click("run")
    page.next_job().release("gate").wait_for_end()
    page.expect_value("out.children", "done")
    for prop, value in SEVERAL.items():
        page.expect_value(prop, value)


@wire_only
@covers("UPDATE-2")
@needs(Capability.OBSERVABLE_STORE, Feature.SET_PROPS)
@pytest.mark.parametrize("reads", range(1, 7))  # a poll of dash_style reads five times
def test_what_a_job_sets_while_a_poll_is_answered_is_shown(open_page: OpenPage, reads: int) -> None:
    steps = (
        set_props("note.children", "a")
        >> wait_at("first")
        >> set_props("note.children", "b")
        >> WAITING
    )
    page = open_page(
        RUN, OUT, NOTE, updating(steps), managers=(Manager("store", instrumented=True),)
    )
    page.click("run")
    job = page.next_job().wait_for_gate("first")
    read = page.server.hold("store read")
    poll = page.network.poll_in_flight()
    read.let_pass(reads - 1, until=poll)  # the server has read so often, and has not answered yet
    job.release("first").wait_for_gate("gate")
    read.release()
    poll.join()
    page.expect_value("note.children", "b")


@covers("UPDATE-3")
@needs(Feature.SET_PROPS)
def test_what_a_job_sets_never_runs_backwards(open_page: OpenPage) -> None:
    steps = set_props("note.title", 1) >> wait_at("first") >> set_props("note.title", 2)
    page = open_page(RUN, OUT, NOTE, updating(steps >> set_props("note.title", 3) >> WAITING))
    page.click("run")
    job = page.next_job().wait_for_gate("first")
    page.expect_value("note.title", 1)
    job.release("first").wait_for_gate("gate")
    page.expect_value("note.title", 3)
    job.release("gate")
    page.expect_value("out.children", "done")
    page.fence()
    seen = page.events.values_of("note.title")
    assert all(earlier <= later for earlier, later in pairwise(seen)), (
        f"values in their order: {seen}"
    )
    page.expect_unchanged("note.title", 3)


@covers("UPDATE-4")
@needs(Feature.SET_PROPS)
def test_what_a_job_sets_is_set_once(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, NAME, updating(set_props("name.value", "job") >> WAITING))
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.expect_value("name.value", "job")
    page.set("name.value", "user")
    page.network.poll()
    page.expect_unchanged("name.value", "user")
    job.release("gate")
    page.expect_value("out.children", "done")
    page.expect_unchanged("name.value", "user")
    assert page.events.values_of("name.value").count("job") == 1, "times that the value was set"


@covers("UPDATE-4")
@needs(Feature.SET_PROPS)
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
    page.expect_value("out.children", "done")
    page.expect_value("note.children", "first")
    page.set("name.value", "same")
    later = page.next_job().wait_for_gate("start")
    page.fence()
    assert page.events.values_of("note.children").count("first") == 1, (
        "times that the value was set"
    )
    later.release("start", "second").wait_for_gate("gate")
    page.expect_value("note.children", "second")


@covers("UPDATE-5")
@needs(Feature.SET_PROPS)
@pytest.mark.parametrize("end", [raise_error("no"), die()], ids=["raises", "dies"])
def test_what_a_job_set_before_its_failure_is_shown(open_page: OpenPage, end: Step) -> None:
    shows_what_was_set_before(open_page, end)


@covers("UPDATE-16")
@needs(Feature.SET_PROPS)
def test_what_a_job_set_before_it_declined_is_shown(open_page: OpenPage) -> None:
    shows_what_was_set_before(open_page, no_update())


def shows_what_was_set_before(open_page: OpenPage, end: Step) -> None:
    """What a job sets with ``set_props`` before it ends with this step is shown."""
    steps = wait_at("gate") >> set_props("note.children", "said") >> end
    page = open_page(RUN, OUT, NOTE, updating(steps))
    page.click("run")
    page.next_job().release("gate").wait_for_end()
    page.expect_value("note.children", "said")


@covers("UPDATE-6")
@needs(Feature.SET_PROPS)
@pytest.mark.parametrize("name", ["another", "first"], ids=["other arguments", "equal arguments"])
def test_what_a_job_sets_reaches_no_other_user(open_page: OpenPage, name: str) -> None:
    steps = wait_at("start") >> set_props("note.children", arg("word")) >> WAITING
    page = open_page(NAME, OUT, NOTE, updating(steps, inputs="name.value"))
    other = page.another_user()
    page.set("name.value", "first")
    job = page.next_job().wait_for_gate("start")
    other.set("name.value", name)
    others = other.next_job().wait_for_gate("start")
    job.release("start", page.user).wait_for_gate("gate")
    other.expect_never("note.children", page.user)
    page.expect_value("note.children", page.user)
    others.release("start", other.user).wait_for_gate("gate")
    page.expect_never("note.children", other.user)
    other.expect_value("note.children", other.user)


@covers("UPDATE-7")
@needs(Feature.SET_PROPS)
@pytest.mark.parametrize("second", ["another", "first"], ids=["other arguments", "equal arguments"])
def test_what_a_replaced_job_set_is_not_set_any_more(open_page: OpenPage, second: str) -> None:
    steps = wait_at("start") >> set_props("note.children", arg("word")) >> WAITING
    page = open_page(NAME, OUT, NOTE, updating(steps, inputs="name.value"))
    page.set("name.value", "first")
    old = page.next_job().release("start", "old").wait_for_gate("gate")
    page.set("name.value", second)
    new = page.next_job().wait_for_gate("start")
    page.fence()
    page.expect_never("note.children", "old")
    old.release_if_alive("gate").wait_for_end()
    new.release("start", "new").wait_for_gate("gate")
    page.expect_value("note.children", "new")
    new.release("gate")
    page.expect_value("out.children", "done")
    page.expect_never("note.children", "old")


@covers("UPDATE-13")
@needs(Feature.SET_PROPS)
def test_what_a_cancelled_job_set_is_not_set_any_more(open_page: OpenPage) -> None:
    steps = wait_at("start") >> set_props("note.children", arg("word")) >> WAITING
    page = open_page(
        NAME, CANCEL, OUT, NOTE, updating(steps, inputs="name.value", cancel="cancel.n_clicks")
    )
    page.set("name.value", "same")
    old = page.next_job().release("start", "old").wait_for_gate("gate")
    page.click("cancel")
    old.wait_for_end()
    page.settle()
    page.expect_never("note.children", "old")


@covers("UPDATE-13")
@needs(Feature.SET_PROPS)
def test_what_a_cancelled_job_set_is_not_set_by_a_later_run(open_page: OpenPage) -> None:
    steps = wait_at("start") >> set_props("note.children", arg("word")) >> WAITING
    page = open_page(
        NAME, CANCEL, OUT, NOTE, updating(steps, inputs="name.value", cancel="cancel.n_clicks")
    )
    page.set("name.value", "same")
    old = page.next_job().wait_for_gate("start")
    page.network.poll()
    old.release("start", "old").wait_for_gate("gate")
    page.click("cancel")
    old.wait_for_end()
    page.set("name.value", "same")
    new = page.next_job().wait_for_gate("start")
    page.fence()
    page.expect_never("note.children", "old")
    new.release("start", "new").wait_for_gate("gate")
    page.expect_value("note.children", "new")


CAUGHT = emit_error() >> give("caught")


@covers("UPDATE-10")
@needs(Feature.ON_ERROR)
def test_on_error_is_called_with_what_the_job_raised(open_page: OpenPage) -> None:
    failing = wait_at("gate") >> raise_error("no coffee left")
    page = open_page(RUN, OUT, updating(failing, on_error=CAUGHT))
    page.click("run")
    page.next_job().release("gate").wait_for_end()
    error = page.events.wait_for("error").facts
    assert error["exception"], "on_error is given an exception"
    assert "no coffee left" in error["text"], f"the exception's text: {error['text']!r}"


@covers("UPDATE-17")
@needs(Feature.ON_ERROR)
def test_on_error_is_called_once(open_page: OpenPage) -> None:
    failing = wait_at("gate") >> raise_error("no coffee left")
    page = open_page(RUN, OUT, updating(failing, on_error=CAUGHT))
    page.click("run")
    page.next_job().release("gate").wait_for_end()
    page.events.wait_for("error")
    page.settle()
    assert len(page.events.named("error")) == 1, "calls of on_error"


@covers("UPDATE-22")
@needs(Feature.SET_PROPS)
def test_what_a_job_set_before_a_reload_is_not_shown_after_it(open_page: OpenPage) -> None:
    steps = wait_at("gate") >> set_props("note.children", "half") >> wait_at("set") >> give("done")
    page = open_page(RUN, OUT, NOTE, updating(steps))
    page.click("run")
    abandoned = page.next_job().wait_for_gate("gate")
    page.reload()
    abandoned.release("gate").wait_for_gate_if_alive("set")
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.expect_never("note.children", "half")
    job.release("gate").wait_for_gate("set")
    page.expect_value("note.children", "half")


@covers("UPDATE-11")
@needs(Feature.ON_ERROR)
@pytest.mark.parametrize("end", [raise_error("no coffee left"), die()], ids=["raises", "dies"])
def test_what_on_error_returns_is_shown_in_the_output(open_page: OpenPage, end: Step) -> None:
    page = open_page(RUN, OUT, updating(wait_at("gate") >> end, on_error=give("caught")))
    page.click("run")
    page.next_job().release("gate").wait_for_end()
    page.expect_value("out.children", "caught")


@covers("UPDATE-11")
@needs(Feature.ON_ERROR)
def test_what_on_error_returns_is_shown_in_several_outputs(open_page: OpenPage) -> None:
    failing = wait_at("gate") >> raise_error("no coffee left")
    outputs = ["out.children", "note.children"]
    callback = updating(failing, output=outputs, on_error=give(["caught", "reported"]))
    page = open_page(RUN, OUT, NOTE, callback)
    page.click("run")
    page.next_job().release("gate").wait_for_end()
    page.expect_value("out.children", "caught")
    page.expect_value("note.children", "reported")


@covers("UPDATE-12")
@needs(Feature.ON_ERROR)
@pytest.mark.parametrize(
    "end", [give("done"), no_update(), None], ids=["returns", "declines", "cancelled"]
)
def test_on_error_is_not_called_for_a_job_that_has_not_failed(
    open_page: OpenPage, end: Step | None
) -> None:
    steps = wait_at("gate") >> (end or give("never"))
    page = open_page(RUN, CANCEL, OUT, updating(steps, on_error=CAUGHT, cancel="cancel.n_clicks"))
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.network.poll()
    if end is None:
        page.click("cancel")
    else:
        job.release("gate")
    job.wait_for_end()
    page.settle()
    assert page.events.named("error") == [], "calls of on_error"
    page.expect_never("out.children", "caught")


@covers("UPDATE-21")
@needs(Feature.SET_PROPS)
def test_what_a_job_sets_triggers_the_callbacks_that_have_it_as_an_input(
    open_page: OpenPage,
) -> None:
    job = set_props("note.children", "half") >> WAITING
    page = open_page(RUN, OUT, NOTE, updating(job), *dependents("note.children"))
    page.click("run")
    page.next_job().wait_for_gate("gate")
    page.expect_value("note.children", "half")
    expect_triggered(page, "half")
