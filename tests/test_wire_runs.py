"""The wire page follows the renderer: how runs end, are triggered again, and are cancelled."""

from __future__ import annotations

from typing import Any

import pytest

from callback_conformance.adapters.dash.renderer.renderer import Answer
from callback_conformance.page.tab import TabError
from tests.wire import DONE, RUNNING, STARTED, Wire, declared, holds, job_for

BUSY = holds({"note.children": "busy"}, {"note.children": "over"})
DEFAULT = {**STARTED, "progressDefault": {"bar.value": "0"}}


def triggered() -> Wire:
    """A page whose job has started and has reported progress."""
    wire = Wire(job_for(running=BUSY), bar__value=None, note__children="idle")
    wire.page.layout.put("out", {"children": "before"})
    wire.act("run.n_clicks", 1, DEFAULT)
    return wire.poll({"multi": True, "progress": {"bar.value": "5"}})


@pytest.mark.parametrize("status", [204, 500, 502, 400])
def test_any_other_status_ends_the_run_and_leaves_the_output(status: int) -> None:
    wire = triggered().poll(Answer(status, "no"))
    assert (wire.get("note.children"), wire.get("bar.value")) == ("over", "0")
    assert wire.get("out.children") == "before"
    assert (wire.page.polling, wire.page.jobs) == ([], [])
    assert wire.page.errors == ([] if status == 204 else [TabError(status, "no")])


def test_a_lost_connection_ends_the_polling_and_applies_nothing() -> None:
    wire = triggered().poll(0)
    assert (wire.get("note.children"), wire.get("bar.value")) == ("busy", "5")
    assert wire.page.polling == []
    assert wire.page.errors == [TabError(0, "Callback failed: the server did not respond.")]


def test_a_trigger_after_a_lost_connection_names_the_old_job() -> None:
    wire = triggered().poll(0).act("run.n_clicks", 2, {"cacheKey": "k", "job": "job-2"})
    assert wire.queries[-1] == {"oldJob": "job-1"}


def test_a_trigger_after_an_error_names_no_old_job() -> None:
    wire = triggered().poll(502).act("run.n_clicks", 2, {"cacheKey": "k", "job": "job-2"})
    assert wire.queries[-1] == {}


def test_a_lost_first_answer_leaves_running_on() -> None:
    wire = Wire(job_for(running=BUSY), note__children="idle").act("run.n_clicks", 1, 0)
    assert wire.get("note.children") == "busy"
    assert wire.page.polling == []


# Triggered again.


def triggered_again() -> Wire:
    """A page whose job has been triggered a second time while it ran."""
    wire = Wire(job_for(running=BUSY), note__children="idle", out__children="before")
    wire.act("run.n_clicks", 1, STARTED)
    return wire.act("run.n_clicks", 2, {"cacheKey": "key-2", "job": "job-2"})


def test_a_second_trigger_names_the_old_job_with_its_first_request_only() -> None:
    wire = triggered_again().poll(204, RUNNING)
    assert wire.queries == [
        {},
        {"oldJob": "job-1"},
        {"cacheKey": "key", "job": "job-1"},
        {"cacheKey": "key-2", "job": "job-2"},
    ]


def test_each_job_that_is_still_known_is_named_by_the_next_trigger() -> None:
    wire = triggered_again().act("run.n_clicks", 3, {"cacheKey": "key-3", "job": "job-3"})
    assert wire.requests[-1][0] == [("oldJob", "job-1"), ("oldJob", "job-2")]


@pytest.mark.parametrize(
    "answer",
    [
        DONE,
        204,
        500,
        {**RUNNING, "progress": {"out.children": "old"}},
        {**RUNNING, "sideUpdate": {"out": {"children": "old"}}},
    ],
    ids=["result", "none", "error", "progress", "sideUpdate"],
)
def test_an_outdated_run_polls_once_more_and_whatever_it_hears_is_dropped(answer: Any) -> None:
    wire = triggered_again()
    wire.seen.clear()
    wire.poll(answer, RUNNING)
    assert wire.seen == ["polls out.children"] * 2
    assert wire.page.errors == []
    wire.poll(RUNNING)
    assert wire.queries[-1] == {"cacheKey": "key-2", "job": "job-2"}


def test_a_run_that_was_heard_to_be_outdated_is_forgotten() -> None:
    wire = triggered_again().poll(204, RUNNING)
    wire.act("run.n_clicks", 3, {"cacheKey": "key-3", "job": "job-3"})
    assert wire.requests[-1][0] == [("oldJob", "job-2")]


def test_an_error_of_a_lost_outdated_poll_is_not_shown() -> None:
    assert triggered_again().poll(0, RUNNING).page.errors == []


def test_the_newest_run_delivers() -> None:
    wire = triggered_again().poll(204, RUNNING).poll(DONE)
    assert (wire.get("out.children"), wire.get("note.children")) == ("done", "over")


def second_before_the_first_answer() -> Wire:
    """A page whose callback was triggered again before the first answer had arrived."""
    wire = Wire(job_for(running=BUSY), note__children="idle", out__children="before")
    wire.page.hold_answers()
    wire.act("run.n_clicks", 1, STARTED)
    wire.act("run.n_clicks", 2, {"cacheKey": "key-2", "job": "job-2"})
    wire.page.deliver_answers()
    return wire


def test_a_trigger_before_the_first_answer_names_no_old_job() -> None:
    assert second_before_the_first_answer().queries == [{}, {}]


def test_both_runs_are_polled_and_the_older_ones_result_is_dropped() -> None:
    wire = second_before_the_first_answer().poll(DONE, RUNNING)
    assert wire.get("out.children") == "before"
    assert wire.get("note.children") == "over", "the renderer switches running off at either's end"
    assert wire.poll(DONE).get("out.children") == "done"


def test_the_older_ones_error_is_dropped_too() -> None:
    assert second_before_the_first_answer().poll(500, RUNNING).page.errors == []


def test_a_run_whose_job_has_no_name_is_polled_by_its_key_and_never_replaced() -> None:
    first, second = (
        {**job_for(name, f"{button}.n_clicks", running=BUSY), "no_output": True}
        for name, button in (("one", "run"), ("two", "cancel"))
    )
    nameless = {"cacheKey": "key", "progressDefault": {"bar.value": "0"}}
    wire = Wire(first, second, bar__value=None, note__children="idle")
    wire.act("run.n_clicks", 1, nameless).act("cancel.n_clicks", 1, nameless)
    assert wire.poll(RUNNING, RUNNING).queries == [{}, {}, {"cacheKey": "key"}, {"cacheKey": "key"}]
    wire.poll({"multi": True, "response": {}}, RUNNING)
    assert (wire.get("note.children"), wire.get("bar.value")) == ("over", "0")
    assert len(wire.page.polling) == 1


def test_two_callbacks_without_outputs_are_the_same_to_the_renderer() -> None:
    wire = Wire(job_for("3b8c1f"), job_for("9a0d22", "go.n_clicks"), go__id="go")
    wire.act("run.n_clicks", 1, STARTED)
    wire.act("go.n_clicks", 1, {"cacheKey": "key-2", "job": "job-2"})
    assert wire.queries[1] == {"oldJob": "job-1"}


# Cancel.

CANCELS = {**DEFAULT, "cancel": [{"id": "cancel", "property": "n_clicks"}]}
CANCEL = declared("cancel.id", "cancel.n_clicks")


def cancellable() -> Wire:
    """A page whose job runs and can be cancelled."""
    wire = Wire(job_for(running=BUSY), CANCEL, bar__value="5", note__children="idle")
    return wire.act("run.n_clicks", 1, CANCELS)


def test_a_cancel_names_the_job_and_applies_the_progress_default_before_its_request() -> None:
    wire = cancellable()
    wire.seen.clear()
    wire.act("cancel.n_clicks", 1, {"multi": True, "response": {}})
    assert wire.queries[-1] == {"cancelJob": "job-1"}
    assert wire.seen == [
        "user: cancel.n_clicks=1",
        "progressDefault: bar.value=0",
        "sends cancel.id",
    ]


def test_running_ends_with_the_poll_after_a_cancel() -> None:
    wire = cancellable().act("cancel.n_clicks", 1, 204)
    assert wire.get("note.children") == "busy"
    wire.seen.clear()
    wire.poll(204)
    assert wire.seen == [
        "polls out.children",
        "runningOff: note.children=over",
        "progressDefault: bar.value=0",
    ]


def test_a_cancel_names_every_job_that_it_cancels() -> None:
    other = job_for("there.children", "go.n_clicks")
    wire = Wire(job_for(), other, CANCEL, there__children="", go__n_clicks=0)
    cancel = CANCELS["cancel"]
    wire.act("run.n_clicks", 1, {**STARTED, "cancel": cancel})
    wire.act("go.n_clicks", 1, {"cacheKey": "key-2", "job": "job-2", "cancel": cancel})
    wire.act("cancel.n_clicks", 1, 204)
    assert wire.requests[-1][0] == [("cancelJob", "job-1"), ("cancelJob", "job-2")]


def test_a_cancel_without_a_known_job_names_none() -> None:
    wire = Wire(job_for(), CANCEL).act("cancel.n_clicks", 1, 204)
    assert wire.queries == [{}]


def test_a_cancel_before_the_first_answer_names_none() -> None:
    wire = Wire(job_for(), CANCEL)
    wire.page.hold_answers()
    wire.act("run.n_clicks", 1, CANCELS).act("cancel.n_clicks", 1, 204)
    assert wire.queries == [{}, {}]


def test_a_cancel_after_the_end_names_none() -> None:
    wire = cancellable().poll(DONE).act("cancel.n_clicks", 1, 204)
    assert wire.queries[-1] == {}


def test_a_callback_that_shares_a_cancel_input_cancels_whichever_of_its_inputs_fired() -> None:
    echo = declared("echo.children", "go.n_clicks", "cancel.n_clicks")
    wire = Wire(job_for(), echo, bar__value="5", go__n_clicks=0, echo__children="")
    wire.act("run.n_clicks", 1, CANCELS).act("go.n_clicks", 1, 204)
    assert wire.queries[-1] == {"cancelJob": "job-1"}
    assert wire.get("bar.value") == "0"
