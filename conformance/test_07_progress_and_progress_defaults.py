"""SPEC.md, chapter 7: Progress and progress defaults."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import strategies as st

from callback_conformance.page import Page
from callback_conformance.plugin import (
    Capability,
    Feature,
    OpenPage,
    covers,
    needs,
    only,
    wire_only,
)
from callback_conformance.plugin.strategies import json_lists, json_values
from callback_conformance.scenario import (
    Button,
    Graph,
    Manager,
    Text,
    bar_figure,
    give,
    ordinary,
    report,
    wait_at,
)

from .any_value import shows_any
from .chained import dependents, expect_triggered
from .progressing import BAR, BOTH, CANCEL, KEPT, OUT, RUN, WAITING, progressing


def bars(figure: Any) -> Any:
    """The lengths of a figure's bars."""
    return [list(trace["x"]) for trace in figure["data"]] if figure else figure


@covers("PROG-1")
@needs(Feature.TWO_COUNTS)
def test_a_job_receives_the_reporting_function_before_its_arguments(open_page: OpenPage) -> None:
    steps = report(("1", "10")) >> wait_at("gate") >> give("click {n_clicks}")
    page = open_page(RUN, OUT, BAR, progressing(steps))
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    assert job.arguments == {"n_clicks": 1}, "the job's arguments after the first"
    page.expect_value("bar.value", "1")
    job.release("gate")
    page.expect_value("out.children", "click 1")


@covers("PROG-2")
@needs(Feature.TWO_COUNTS)
def test_progress_is_shown_while_the_job_runs(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, BAR, progressing(report(("1", "10")) >> WAITING))
    page.click("run")
    page.next_job().wait_for_gate("gate")
    page.expect_value("bar.value", "1")


@covers("PROG-3")
def test_each_progress_property_shows_its_item_while_the_job_runs(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, BAR, progressing(report(("1", "10")) >> WAITING, BOTH))
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.expect_value("bar.value", "1")
    page.expect_value("bar.max", "10")
    job.release("gate")
    page.expect_value("out.children", "done")


@only("background", "long_callback")
@covers("PROG-2")
def test_progress_stays_while_an_ordinary_callback_that_names_the_cancel_input_runs(
    open_page: OpenPage,
) -> None:
    echo = ordinary(
        output="echo.children", inputs=["ping.n_clicks", "cancel.n_clicks"], job=give("answered")
    )
    page = open_page(
        RUN,
        Button("ping"),
        CANCEL,
        OUT,
        Text("echo"),
        KEPT,
        progressing(
            report("half") >> WAITING,
            "kept.data",
            progress_default="rest",
            cancel="cancel.n_clicks",
        ),
        echo,
    )
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.expect_value("kept.data", "half")
    page.click("ping")
    page.expect_value("echo.children", "answered")
    page.expect_unchanged("kept.data", "half")
    job.release("gate")
    page.expect_value("out.children", "done")


@covers("PROG-4")
def test_a_list_reported_for_a_single_property_is_shown_whole(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, KEPT, progressing(report(["one", "two"]) >> WAITING, "kept.data"))
    page.click("run")
    page.next_job().wait_for_gate("gate")
    page.expect_value("kept.data", ["one", "two"])


@covers("PROG-22")
def test_a_single_value_is_shown_by_a_list_of_one_property(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, KEPT, progressing(report("half") >> WAITING, ["kept.data"]))
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.expect_value("kept.data", "half")
    job.release("gate")
    page.expect_value("out.children", "done")


@covers("PROG-5")
def test_progress_may_be_a_dictionary(open_page: OpenPage) -> None:
    grouping = {"done": "bar.value", "total": "bar.max"}
    reported = report({"total": "10", "done": "4"})
    page = open_page(RUN, OUT, BAR, progressing(reported >> WAITING, grouping))
    page.click("run")
    page.next_job().wait_for_gate("gate")
    page.expect_value("bar.value", "4")
    page.expect_value("bar.max", "10")


@covers("PROG-6")
@needs(Feature.TWO_COUNTS)
def test_the_two_arguments_of_a_report_are_shown_in_the_two_properties(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, BAR, progressing(report(("3", "10")) >> WAITING))
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.expect_value("bar.value", "3")
    page.expect_value("bar.max", "10")
    job.release("gate")
    page.expect_value("out.children", "done")


@only("background", "long_callback")  # progress of Labs is a pair of counts
@covers("PROG-2")
def test_any_progress_is_shown(open_page: OpenPage) -> None:
    shows_any(open_page, "kept.data", json_values().filter(lambda v: not isinstance(v, list)))


@covers("PROG-3")
def test_each_progress_property_shows_any_item(open_page: OpenPage) -> None:
    shows_any(open_page, ["kept.data", "also.data"], json_lists(2))


@covers("PROG-4")
def test_any_list_reported_for_a_single_property_is_shown_whole(open_page: OpenPage) -> None:
    shows_any(open_page, "kept.data", st.integers(0, 3).flatmap(json_lists))


@covers("PROG-22")
def test_any_single_value_is_shown_by_a_list_of_one_property(open_page: OpenPage) -> None:
    single = json_values().filter(lambda value: not isinstance(value, list))
    shows_any(open_page, ["kept.data"], single)


@covers("PROG-5")
def test_each_progress_property_of_a_dictionary_shows_any_item(open_page: OpenPage) -> None:
    items = st.fixed_dictionaries({"done": json_values(), "total": json_values()})
    shows_any(open_page, {"done": "kept.data", "total": "also.data"}, items)


def with_a_figure(open_page: OpenPage) -> Page:
    """The page of a callback whose progress and progress default are figures."""
    callback = progressing(
        report(bar_figure(3, 10)) >> WAITING, "graph.figure", progress_default=bar_figure(0, 10)
    )
    page = open_page(RUN, OUT, Graph("graph", figure=bar_figure(9, 10)), callback)
    page.click("run")
    return page


@covers("PROG-7")
def test_a_figure_is_progress(open_page: OpenPage) -> None:
    page = with_a_figure(open_page)
    page.next_job().wait_for_gate("gate")
    page.expect_where("graph.figure", lambda figure: bars(figure) == [[3]], "a bar of length 3")


@covers("PROG-19")
def test_a_figure_is_a_progress_default(open_page: OpenPage) -> None:
    page = with_a_figure(open_page)
    page.next_job().release("gate")
    page.expect_value("out.children", "done")
    page.expect_where("graph.figure", lambda figure: bars(figure) == [[0]], "a bar of length 0")


@covers("PROG-8")
@needs(Feature.TWO_COUNTS)
def test_the_newest_report_is_shown(open_page: OpenPage) -> None:
    job_steps = report(("1", "10")) >> report(("2", "10")) >> report(("3", "10")) >> WAITING
    page = open_page(RUN, OUT, BAR, progressing(job_steps))
    page.click("run")
    page.next_job().wait_for_gate("gate")
    page.expect_value("bar.value", "3")


@wire_only
@covers("PROG-8")
@needs(Capability.OBSERVABLE_STORE, Feature.TWO_COUNTS)
@pytest.mark.parametrize("reads", range(1, 7))  # a poll of dash_style reads five times
def test_progress_reported_while_a_poll_is_answered_is_shown(
    open_page: OpenPage, reads: int
) -> None:
    steps = report((1, 10)) >> wait_at("first") >> report((2, 10)) >> WAITING
    page = open_page(
        RUN, OUT, BAR, progressing(steps), managers=(Manager("store", instrumented=True),)
    )
    page.click("run")
    job = page.next_job().wait_for_gate("first")
    read = page.server.hold("store read")
    poll = page.network.poll_in_flight()
    read.let_pass(reads - 1, until=poll)  # the server has read so often, and has not answered yet
    job.release("first").wait_for_gate("gate")
    read.release()
    poll.join()
    page.expect_value("bar.value", 2)


@covers("PROG-9")
@needs(Feature.TWO_COUNTS)
def test_progress_never_runs_backwards(open_page: OpenPage) -> None:
    job_steps = report((1, 10)) >> wait_at("first") >> report((2, 10)) >> report((3, 10))
    page = open_page(RUN, OUT, BAR, progressing(job_steps >> WAITING))
    page.click("run")
    job = page.next_job().wait_for_gate("first")
    page.expect_value("bar.value", 1)
    job.release("first").wait_for_gate("gate")
    page.expect_value("bar.value", 3)
    page.fence()
    seen = [value for value in page.events.values_of("bar.value") if value is not None]
    assert seen == sorted(seen), "progress in the order in which it was shown"


@covers("PROG-10")
@needs(Feature.TWO_COUNTS)
@pytest.mark.parametrize("value", [None, 0, False, ""], ids=repr)
def test_an_empty_report_of_two_is_shown(open_page: OpenPage, value: Any) -> None:
    steps = report(("1", "10")) >> wait_at("first") >> report((value, value)) >> WAITING
    page = open_page(RUN, OUT, BAR, progressing(steps))
    page.click("run")
    job = page.next_job().wait_for_gate("first")
    page.expect_value("bar.value", "1")
    job.release("first").wait_for_gate("gate")
    page.expect_value("bar.value", value)
    page.expect_value("bar.max", value)


@only("background", "long_callback")
@covers("PROG-10")
@pytest.mark.parametrize("value", [None, 0, False, "", [], {}], ids=repr)
def test_an_empty_report_is_shown(open_page: OpenPage, value: Any) -> None:
    steps = report("full") >> wait_at("first") >> report(value) >> WAITING
    page = open_page(RUN, OUT, KEPT, progressing(steps, "kept.data"))
    page.click("run")
    job = page.next_job().wait_for_gate("first")
    page.expect_value("kept.data", "full")
    job.release("first").wait_for_gate("gate")
    page.expect_value("kept.data", value)


@wire_only
@covers("PROG-18")
@needs(Feature.TWO_COUNTS)
def test_progress_of_a_replaced_run_is_not_shown(open_page: OpenPage) -> None:
    steps = wait_at("start") >> report(("run {n_clicks}", "10")) >> WAITING
    page = open_page(RUN, OUT, BAR, progressing(steps))
    page.click("run")
    old = page.next_job().release("start").wait_for_gate("gate")
    page.click("run")
    new = page.next_job().wait_for_gate("start")
    page.fence()
    page.expect_never("bar.value", "run 1")
    old.release_if_alive("gate").wait_for_end()
    new.release("start").wait_for_gate("gate")
    page.expect_value("bar.value", "run 2")
    page.expect_never("bar.value", "run 1")


@wire_only
@covers("PROG-18")
@needs(Feature.TWO_COUNTS)
def test_progress_of_a_run_replaced_before_its_first_answer_is_not_shown(
    open_page: OpenPage,
) -> None:
    steps = wait_at("start") >> report(("run {n_clicks}", "10")) >> WAITING
    page = open_page(RUN, OUT, BAR, progressing(steps))
    page.network.hold_answers()
    page.click("run")
    old = page.next_job().wait_for_gate("start")
    page.click("run")
    new = page.next_job().release("start").wait_for_gate("gate")
    page.network.deliver_answers()
    page.expect_value("bar.value", "run 2")
    old.release_if_alive("start").wait_for_gate_if_alive("gate")
    page.fence()
    page.expect_never("bar.value", "run 1")
    new.release("gate")
    page.expect_value("out.children", "done")


@covers("PROG-21")
@needs(Feature.TWO_COUNTS)
def test_progress_triggers_the_callbacks_that_have_it_as_an_input(open_page: OpenPage) -> None:
    job = wait_at("start") >> report(("1", "5")) >> WAITING
    page = open_page(RUN, OUT, BAR, progressing(job), *dependents("bar.value"))
    page.click("run")
    page.next_job().release("start").wait_for_gate("gate")
    page.expect_value("bar.value", "1")
    expect_triggered(page, "1")
