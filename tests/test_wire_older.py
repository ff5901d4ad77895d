"""The wire page follows the renderers of older releases: timers, running values that come with the first
answer, and what a poll repeats."""

from __future__ import annotations

import pytest

from callback_conformance.adapters.dash.renderer.versions import RendererQuirks
from tests.wire import DONE, RUNNING, STARTED, Wire, declared, holds, job_for

PATCH = {
    "__dash_patch_update": "__dash_patch_update",
    "operations": [{"operation": "Assign", "location": [], "params": {"value": "b"}}],
}
ROW = '{"index":1,"type":"row"}'
SCRIPT = "/_dash-component-suites/dash/dash-renderer/build/dash_renderer.v{}m1700000000.min.js"


# Timers, before Dash 2.6.


def timed(**interval: object) -> Wire:
    """A page with one callback, which a timer calls too."""
    values = {f"timer__{name}": value for name, value in {"interval": 100, **interval}.items()}
    callback = declared("..out.children...timer.disabled..", "timer.n_intervals", "run.n_clicks")
    return Wire(callback, **values).start()


def answer(**timer: object) -> dict[str, object]:
    """The answer to a tick: what it does to the timer."""
    return {"multi": True, "response": {"timer": timer}}


def test_a_timer_that_is_disabled_does_not_tick() -> None:
    wire = timed(disabled=True)
    assert not wire.page.waits
    wire.poll()
    assert wire.asked == []


def test_an_answer_starts_and_stops_a_timer() -> None:
    wire = timed(disabled=True).act("run.n_clicks", 1, answer(disabled=False))
    assert wire.page.waits
    wire.poll(answer(disabled=True))
    assert not wire.page.waits
    wire.poll()
    assert len(wire.requests) == 2


def test_a_tick_counts_and_calls_and_is_a_question_for_news() -> None:
    wire = timed().act("run.n_clicks", 1, answer()).poll(answer()).poll(answer())
    assert [body["inputs"][0].get("value") for body in wire.bodies] == [None, 1, 2]
    assert [body["changedPropIds"] for body in wire.bodies[1:]] == [["timer.n_intervals"]] * 2
    assert [poll for _, _, poll in wire.requests] == [False, True, True]


def test_a_tick_is_no_change_of_the_page() -> None:
    wire = timed().act("run.n_clicks", 1, answer())
    before = wire.page.changes
    assert wire.poll(answer()).page.changes == before
    assert wire.poll(answer(disabled=True)).page.changes == before + 1


def test_a_tick_sends_the_values_of_its_moment() -> None:
    wire = timed().act("run.n_clicks", 1, answer()).poll(answer())
    assert wire.bodies[1]["inputs"][1]["value"] == 1


def test_a_timer_does_not_wait_for_an_answer_and_an_older_one_is_dropped() -> None:
    wire = timed()
    wire.page.delay_answers()
    wire.poll(answer(disabled=False)).poll(answer(disabled=True)).poll(answer(disabled=False))
    assert len(wire.requests) == 3
    assert not wire.get("timer.disabled"), "no answer is that of the newest request"
    wire.page.deliver_answers()
    assert wire.seen[-1] == "response: timer.disabled=False"
    assert "response: timer.disabled=True" not in wire.seen


def test_the_pause_before_the_next_tick_is_the_interval_of_the_timer() -> None:
    assert timed(interval=40).page.pause_seconds == 0.04


@pytest.mark.parametrize(("most", "runs"), [(-1, True), (0, False), (3, False), (4, True)])
def test_a_timer_ends_with_its_last_interval(most: int, runs: bool) -> None:
    assert timed(max_intervals=most, n_intervals=3).page.waits == runs


# From Dash 2.6 to 2.15, `running` comes with the answers.


def test_running_that_comes_with_the_first_answer_is_shown_then_and_ended_at_the_end() -> None:
    first = {
        **STARTED,
        "running": {"note.children": "busy"},
        "runningOff": {"note.children": "over"},
    }
    wire = Wire(job_for(), note__children="idle").start().act("run.n_clicks", 1, first)
    assert wire.get("note.children") == "busy"
    wire.poll(RUNNING)
    assert wire.get("note.children") == "busy"
    wire.poll(DONE)
    assert wire.get("note.children") == "over"


# Before Dash 3.0.2 a poll repeats the values of the trigger; before 3.0.4 a callback has one job.


@pytest.mark.parametrize(("version", "value"), [("2_18_2", 1), ("3_0_1", 1), ("3_0_2", None)])
def test_an_older_poll_repeats_the_values_of_its_trigger(version: str, value: object) -> None:
    wire = Wire(job_for(), index=SCRIPT.format(version)).start().act("run.n_clicks", 1, STARTED)
    wire.poll(DONE)
    assert wire.bodies[1]["inputs"][0]["value"] == value


@pytest.mark.parametrize(
    ("version", "quirks"),
    [
        (
            "1_21_0",
            RendererQuirks(
                True, True, False, False, string_ids_only=True, stalls_on_missing_component=True
            ),
        ),
        (
            "2_16_1",
            RendererQuirks(
                True, True, True, False, string_ids_only=True, stalls_on_missing_component=True
            ),
        ),
        ("2_17_1", RendererQuirks(True, True, True, False, stalls_on_missing_component=True)),
        ("2_18_2", RendererQuirks(True, True, patches_beside=False)),
        ("3_0_3", RendererQuirks(one_job_each=True, patches_beside=False)),
        ("4_4_1", RendererQuirks()),
    ],
)
def test_the_quirks_of_a_renderer_are_those_of_its_version(
    version: str, quirks: RendererQuirks
) -> None:
    assert RendererQuirks.of(f'<script src="{SCRIPT.format(version)}"></script>') == quirks


@pytest.mark.parametrize(("version", "children"), [("2_5_1", PATCH), ("2_9_0", "b")])
def test_a_patch_was_a_value_before_there_were_patches(version: str, children: object) -> None:
    wire = Wire(declared("out.children", "run.n_clicks"), index=SCRIPT.format(version))
    wire.start().act("out.children", ["a"])
    wire.act("run.n_clicks", 1, {"multi": True, "response": {"out": {"children": PATCH}}})
    assert wire.get("out.children") == children


# Before Dash 2.17 what is set beside the outputs finds no id with keys; before 2.18 it stalls_on_missing_component where it finds none.

BESIDE = {ROW + ".title": "idle"}
HOLDS = holds({ROW + ".title": "busy"}, {ROW + ".title": "over"})


def test_a_running_value_of_an_id_with_keys_kept_the_older_renderer_from_asking() -> None:
    wire = Wire(job_for(running=HOLDS), index=SCRIPT.format("2_16_1"), **BESIDE)
    wire.start().act("run.n_clicks", 1)
    assert wire.requests == []
    assert "concat" in wire.page.errors[0].text


def test_a_running_value_of_an_id_with_keys_that_comes_with_the_answer_ends_the_questions() -> None:
    wire = Wire(job_for(), index=SCRIPT.format("2_15_0"), **BESIDE)
    wire.start().act("run.n_clicks", 1, {**STARTED, "running": {ROW + ".title": "busy"}})
    assert not wire.page.waits
    assert wire.page.errors == []


def test_a_missing_component_keeps_the_result_of_an_older_page() -> None:
    wire = Wire(job_for(), index=SCRIPT.format("2_17_1"))
    wire.start().act("run.n_clicks", 1, {**STARTED, "progressDefault": {"gone.title": "rest"}})
    wire.poll(DONE)
    assert wire.get("out.children") is None
    assert not wire.page.waits


def test_a_renderer_without_a_version_is_the_newest() -> None:
    assert RendererQuirks.of('<script src="dash_renderer.min.js"></script>') == RendererQuirks()
