"""SPEC.md, chapter 2: Result delivery."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import strategies as st

from callback_conformance.plugin import Capability, OpenPage, covers, needs, only, wire_only
from callback_conformance.plugin.strategies import VALUES, drawn, for_each, json_lists
from callback_conformance.scenario import (
    Button,
    Field,
    Manager,
    Step,
    Steps,
    Store,
    Text,
    arg,
    background,
    die,
    exit_quietly,
    give,
    give_unstorable,
    invoke,
    no_update,
    raise_error,
    status,
    wait_at,
)

from .any_value import shows_any_result
from .chained import dependents, expect_triggered

RUN, OUT = Button("run"), Text("out", "before")
RETURNS_WORD = wait_at("gate") >> give(arg("word"))


def out(job: Steps | Step) -> Any:
    """The callback of the button ``run`` that puts its result into ``out``."""
    return background(output="out.children", inputs="run.n_clicks", job=job)


@covers("RESULT-1")
def test_a_result_is_shown_where_the_program_puts_it(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, out(RETURNS_WORD))
    page.click("run")
    page.next_job().release("gate", "Hello Ada")
    page.expect_value("out.children", "Hello Ada")


@only("background", "long_callback", "labs")  # in Taipy: the two after it
@covers("RESULT-1")
def test_any_result_is_shown(open_page: OpenPage) -> None:
    job = wait_at("gate") >> give(arg("given"))
    callback = background(output="kept.data", inputs="run.n_clicks", state="given.data", job=job)
    shows_any_result(open_page(RUN, Store("kept"), Store("given"), callback))


@only("taipy")  # without dictionaries, which Taipy never sends: any list with one would fail
@covers("RESULT-1")
@drawn(3, values=st.lists(VALUES, min_size=5, max_size=9))  # a late result costs 5 s
def test_a_list_of_any_values_is_shown(open_page: OpenPage, values: list[Any]) -> None:
    delivers(open_page, values)


@covers("RESULT-1")
def test_a_dictionary_is_shown(open_page: OpenPage) -> None:
    delivers(open_page, {"one": 1})


@covers("RESULT-2")
def test_an_output_keeps_its_value_until_the_job_ends(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, out(RETURNS_WORD))
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.expect_unchanged("out.children", "before")
    assert page.events.values_of("out.children") == [], (
        "values that the output was given before the end"
    )
    job.release("gate", "done")
    page.expect_value("out.children", "done")


@covers("RESULT-3")
def test_a_list_for_a_single_output_is_shown_whole(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, out(wait_at("gate") >> give(["one", "two"])))
    page.click("run")
    page.next_job().release("gate")
    page.expect_value("out.children", ["one", "two"])


@covers("RESULT-4")
def test_each_of_several_outputs_shows_its_item(open_page: OpenPage) -> None:
    page = open_page(
        RUN,
        OUT,
        Text("other"),
        background(
            output=["out.children", "other.children"],
            inputs="run.n_clicks",
            job=wait_at("gate") >> give(("first", "second")),
        ),
    )
    page.click("run")
    page.next_job().release("gate")
    page.expect_value("out.children", "first")
    page.expect_value("other.children", "second")


@covers("RESULT-4")
def test_each_of_several_outputs_shows_any_item(open_page: OpenPage) -> None:
    outputs = ["one.data", "two.data", "three.data"]
    job = wait_at("gate") >> give(arg("given"))
    callback = background(output=outputs, inputs="run.n_clicks", state="given.data", job=job)
    page = open_page(RUN, Store("one"), Store("two"), Store("three"), Store("given"), callback)

    def holds(values: list[Any]) -> None:
        page.set("given.data", values)
        for prop in outputs:
            page.set(prop, "before")
        page.click("run")
        page.next_job().release("gate")
        for prop, value in zip(outputs, values, strict=True):
            page.expect_value(prop, value)

    for_each(json_lists(len(outputs)), holds)


@covers("RESULT-5")
@pytest.mark.parametrize("value", [None, 0, False, "", []], ids=repr)
def test_an_empty_result_is_delivered(open_page: OpenPage, value: Any) -> None:
    delivers(open_page, value)


@covers("RESULT-5")
def test_an_empty_dictionary_is_delivered(open_page: OpenPage) -> None:
    delivers(open_page, {})


def delivers(open_page: OpenPage, value: Any) -> None:
    """The result ``value`` of a job is shown."""
    page = open_page(
        RUN,
        Store("kept", "before"),
        background(output="kept.data", inputs="run.n_clicks", job=wait_at("gate") >> give(value)),
    )
    page.click("run")
    page.next_job().release("gate")
    page.expect_value("kept.data", value)


@wire_only
@covers("RESULT-7")
@needs(Capability.OBSERVABLE_POLLS)
@pytest.mark.parametrize("reads", range(1, 7))  # a poll of dash_style reads five times
def test_a_result_survives_a_job_that_ends_while_a_poll_is_answered(
    open_page: OpenPage, reads: int
) -> None:
    page = open_page(RUN, OUT, out(RETURNS_WORD), managers=(Manager("store", instrumented=True),))
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    read = page.server.hold("store read")
    poll = page.network.poll_in_flight()
    read.let_pass(
        reads - 1, until=poll
    )  # the server has read so often, and there was no result yet
    job.release("gate", "done").wait_for_end()
    read.release()
    poll.join()
    page.expect_value("out.children", "done")


@covers("RESULT-8")
def test_after_a_second_trigger_the_newest_result_is_shown(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, out(wait_at("gate") >> give("run {n_clicks}")))
    page.click("run")
    page.next_job().wait_for_gate("gate")
    page.click("run")
    page.next_job().release("gate")
    page.expect_value("out.children", "run 2")


@wire_only
@covers("RESULT-8")
def test_the_newest_result_is_shown_when_its_trigger_precedes_the_first_answer(
    open_page: OpenPage,
) -> None:
    page = open_page(RUN, OUT, out(wait_at("gate") >> give("run {n_clicks}")))
    page.network.hold_answers()
    page.click("run")
    old = page.next_job().wait_for_gate("gate")
    page.click("run")
    new = page.next_job().wait_for_gate("gate")
    page.network.deliver_answers()
    old.release_if_alive("gate").wait_for_end()
    page.fence()
    new.release("gate")
    page.expect_value("out.children", "run 2")


@wire_only
@covers("RESULT-9")
def test_a_result_is_shown_after_a_return_to_earlier_arguments(open_page: OpenPage) -> None:
    page = open_page(
        Field("choice"),
        OUT,
        background(
            output="out.children", inputs="choice.value", job=wait_at("gate") >> give("{choice}!")
        ),
    )
    for choice in ("A", "B", "A"):
        page.set("choice.value", choice)
        job = page.next_job().wait_for_gate("gate")
    job.release("gate")
    page.expect_value("out.children", "A!")


@covers("RESULT-10")
def test_the_result_of_a_replaced_run_is_never_shown(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, out(wait_at("gate") >> give("run {n_clicks}")))
    page.click("run")
    old = page.next_job().wait_for_gate("gate")
    page.click("run")
    new = page.next_job().wait_for_gate("gate")
    old.release_if_alive("gate").wait_for_end()
    page.fence()
    new.release("gate")
    page.expect_value("out.children", "run 2")
    page.expect_never("out.children", "run 1")


@covers("RESULT-11")
def test_a_run_does_not_show_the_result_of_one_whose_page_was_reloaded(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, out(RETURNS_WORD))
    page.click("run")
    abandoned = page.next_job().wait_for_gate("gate")
    page.reload()
    abandoned.release_if_alive("gate", "abandoned").wait_for_end()
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.fence()
    job.release_if_alive("gate", "wanted")
    page.expect_value("out.children", "wanted")
    page.expect_never("out.children", "abandoned")


@covers("RESULT-11")
def test_a_run_does_not_show_the_result_of_one_that_has_ended(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, out(RETURNS_WORD))
    page.click("run")
    page.next_job().release("gate", "first")
    page.expect_value("out.children", "first")
    page.reload()
    page.click("run")
    page.next_job().release("gate", "second")
    page.expect_value("out.children", "second")
    page.click("run")
    page.next_job().release("gate", "third")
    page.expect_value("out.children", "third")


@covers("RESULT-12")
def test_a_result_is_set_once(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, out(RETURNS_WORD))
    page.click("run")
    page.next_job().release("gate", "done")
    page.expect_value("out.children", "done")
    page.go_on_until_idle()
    page.fence()
    assert page.events.values_of("out.children") == ["done"], "values that the output was given"


@covers("RESULT-13")
@pytest.mark.parametrize("lost", ["poll", "final poll", "refused"])
def test_a_result_is_shown_after_a_lost_connection(open_page: OpenPage, lost: str) -> None:
    page = open_page(RUN, OUT, out(RETURNS_WORD))
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    if lost == "final poll":
        job.release("gate", "done").wait_for_end()
    if lost == "refused":
        page.network.refuse_next_poll()
    else:
        page.network.lose_next_poll()
    page.network.poll()
    job.release_if_alive("gate", "done")
    page.expect_value("out.children", "done")


@covers("RESULT-14")
@pytest.mark.parametrize(
    "end", [die(), exit_quietly(), give_unstorable()], ids=["killed", "exits", "unstorable"]
)
def test_a_job_that_dies_is_shown_as_a_failure(open_page: OpenPage, end: Step) -> None:
    page = open_page(RUN, OUT, out(wait_at("gate") >> end))
    page.click("run")
    page.next_job().release("gate").wait_for_end()
    page.expect_error()


@covers("RESULT-15")
@pytest.mark.parametrize("end", [raise_error("no"), die()], ids=["raises", "dies"])
def test_a_failed_job_leaves_its_output(open_page: OpenPage, end: Step) -> None:
    page = open_page(RUN, OUT, out(wait_at("gate") >> end))
    page.click("run")
    page.next_job().release("gate").wait_for_end()
    page.go_on_until_idle()
    page.expect_unchanged("out.children", "before")
    assert page.events.values_of("out.children") == [], "values that the output was given"


@covers("RESULT-18")
@pytest.mark.parametrize(
    "end",
    [give("done"), no_update(), raise_error("no"), die(), None],
    ids=["returns", "declines", "raises", "dies", "cancelled"],
)
def test_a_page_stops_waiting_once_its_job_has_ended(open_page: OpenPage, end: Step | None) -> None:
    callback = background(
        output="out.children",
        inputs="run.n_clicks",
        job=wait_at("gate") >> (end or give("never")),
        cancel="cancel.n_clicks",
    )
    page = open_page(RUN, Button("cancel"), OUT, callback)
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    if end is None:
        page.click("cancel")
    else:
        job.release("gate")
    job.wait_for_end()
    page.settle()


@covers("RESULT-6")
def test_the_third_parameter_of_a_status_function_receives_the_result(open_page: OpenPage) -> None:
    handler = status("state", "status", "value")
    page = open_page(RUN, OUT, invoke(trigger="run", job=RETURNS_WORD, status=handler))
    page.click("run")
    page.next_job().release("gate", "done")
    assert page.events.wait_for("status").facts["value"] == "done", "the third parameter"


@covers("RESULT-17")
@pytest.mark.parametrize("outputs", ["out.children", ["out.children", "out.title"]], ids=str)
def test_a_result_triggers_the_callbacks_that_have_it_as_an_input(
    open_page: OpenPage, outputs: Any
) -> None:
    value: Any = arg("word") if outputs == "out.children" else [arg("word"), "title"]
    first = background(output=outputs, inputs="run.n_clicks", job=wait_at("gate") >> give(value))
    page = open_page(RUN, OUT, first, *dependents("out.children"))
    page.click("run")
    page.next_job().release("gate", "result")
    page.expect_value("out.children", "result")
    expect_triggered(page, "result")
