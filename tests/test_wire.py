"""The wire page follows the renderer: what it reads, what it asks, and in which order things happen."""

from __future__ import annotations

from typing import Any

import pytest

from callback_conformance.adapters.dash.renderer.callbacks import CallbackDefinition
from callback_conformance.adapters.dash.renderer.layout import Layout
from callback_conformance.adapters.dash.renderer.patterns import Dependency
from callback_conformance.page.tab import TabError
from tests.wire import DONE, RUNNING, STARTED, Wire, declared, holds, job_for

# What a server lists.


def test_an_entry_is_read_as_it_is_served() -> None:
    entry = job_for(
        state=("name.value",), running=holds({"run.disabled": True}, {"run.disabled": False})
    )
    assert CallbackDefinition.of(entry) == CallbackDefinition(
        output="out.children",
        outputs=(Dependency("out", "children"),),
        inputs=(Dependency("run", "n_clicks"),),
        state=(Dependency("name", "value"),),
        prevent_initial_call=True,
        background=True,
        running={"run.disabled": True},
        running_off={"run.disabled": False},
        multi=False,
        interval_ms=100,
    )


@pytest.mark.parametrize(
    ("output", "outputs", "multi"),
    [
        ("out.children", ("out.children",), False),
        ("..out.children...bar.value..", ("out.children", "bar.value"), True),
        ("..out.children..", ("out.children",), True),
        ("out.children@0f1e", ("out.children@0f1e",), False),
        ("3b8c1f", (), False),
    ],
    ids=["one", "several", "a list of one", "a duplicate", "none"],
)
def test_the_outputs_stand_in_the_callbacks_id(
    output: str, outputs: tuple[str, ...], multi: bool
) -> None:
    definition = CallbackDefinition.of(declared(output, "run.n_clicks"))
    assert (tuple(map(str, definition.outputs)), definition.multi) == (outputs, multi)


def test_dash_2_calls_a_background_callback_long() -> None:
    assert CallbackDefinition.of(
        declared("out.children", "run.n_clicks", long={"interval": 1})
    ).background
    assert not CallbackDefinition.of(
        declared("out.children", "run.n_clicks", background=None)
    ).background


def test_every_component_with_an_id_is_found_in_a_layout() -> None:
    layout = {
        "type": "Div",
        "props": {
            "children": [
                {"type": "Button", "props": {"id": "run", "children": "Run", "disabled": True}},
                {"type": "Div", "props": {"children": {"type": "P", "props": {"id": "p"}}}},
                "text",
                {"type": "Div", "props": {"id": {"type": "row", "index": 1}}},
            ]
        },
    }
    parsed = Layout(layout)
    assert parsed.ids() == ["run", "p", '{"index":1,"type":"row"}']
    assert parsed.props("run") == {"id": "run", "children": "Run", "disabled": True}


# What a request carries.


def test_a_request_carries_the_values_that_are_set_and_leaves_out_the_others() -> None:
    wire = Wire(
        declared("out.children", "run.n_clicks", "a.value", state=("b.value",)),
        a__id="a",
        b__id="b",
    )
    wire.page.layout.put("b", {"value": None})
    wire.act("run.n_clicks", 1, DONE)
    assert wire.bodies == [
        {
            "output": "out.children",
            "outputs": {"id": "out", "property": "children"},
            "inputs": [
                {"id": "run", "property": "n_clicks", "value": 1},
                {"id": "a", "property": "value"},
            ],
            "changedPropIds": ["run.n_clicks"],
            "parsedChangedPropsIds": ["run.n_clicks"],
            "state": [{"id": "b", "property": "value", "value": None}],
        }
    ]


def test_several_outputs_are_a_list_and_none_are_left_out() -> None:
    several = declared("..out.children...out.title..", "run.n_clicks")
    wire = Wire(several, declared("3b8c1f", "run.n_clicks"))
    wire.act("run.n_clicks", 1, DONE, 204)
    assert wire.bodies[0]["outputs"] == [
        {"id": "out", "property": "children"},
        {"id": "out", "property": "title"},
    ]
    assert "outputs" not in wire.bodies[1]


def test_a_poll_carries_the_handles_and_the_body_without_its_values() -> None:
    wire = Wire(job_for(state=("name.value",)), name__value="Ada")
    wire.act("run.n_clicks", 1, STARTED).poll(RUNNING)
    first, poll = wire.bodies
    assert wire.requests[1][0] == [("cacheKey", "key"), ("job", "job-1")]
    assert wire.requests[1][2]
    assert [dependency["value"] for dependency in (*poll["inputs"], *poll["state"])] == [None, None]
    assert {**poll, "inputs": 0, "state": 0} == {**first, "inputs": 0, "state": 0}
    assert first["inputs"][0]["value"] == 1, "the first body is untouched"


def test_the_handles_of_the_first_answer_stay() -> None:
    wire = Wire(job_for()).act("run.n_clicks", 1, STARTED)
    wire.poll({"multi": True, "cacheKey": "another", "job": "another"}).poll(RUNNING)
    assert wire.queries[1:] == [{"cacheKey": "key", "job": "job-1"}] * 2


def test_changes_before_a_request_is_sent_are_one_request() -> None:
    writes = declared("a.value", "run.n_clicks")
    wire = Wire(writes, declared("out.children", "a.value", "run.n_clicks"), a__value="")
    answer = {"response": {"a": {"value": "new"}}, "multi": True}
    wire.act("run.n_clicks", 1, answer, DONE)
    assert wire.asked == ["a.value", "out.children"]
    assert wire.bodies[1]["changedPropIds"] == ["run.n_clicks", "a.value"]
    assert [dependency["value"] for dependency in wire.bodies[1]["inputs"]] == ["new", 1]


# Initial calls.


def test_a_page_load_calls_what_does_not_prevent_it() -> None:
    initial = declared("out.children", "run.n_clicks", prevent_initial_call=False)
    wire = Wire(initial, declared("out.title", "run.n_clicks")).start(DONE)
    assert wire.asked == ["out.children"]
    assert wire.bodies[0]["changedPropIds"] == []
    assert wire.bodies[0]["inputs"] == [{"id": "run", "property": "n_clicks"}]
    assert wire.get("out.children") == "done"


@pytest.mark.parametrize(
    "callback",
    [
        declared("gone.children", "run.n_clicks", prevent_initial_call=False),
        declared("out.children", "gone.n_clicks", prevent_initial_call=False),
    ],
    ids=["output", "input"],
)
def test_a_page_load_leaves_a_callback_whose_component_is_missing(callback: Any) -> None:
    assert Wire(callback).start().asked == []


def test_an_initial_background_callback_is_polled_for() -> None:
    wire = Wire(job_for(prevent_initial_call=False)).start(STARTED).poll(DONE)
    assert wire.get("out.children") == "done"
    assert wire.page.polling == []


# The order in which things are applied.


def test_running_is_applied_before_the_request_and_its_end_before_the_output() -> None:
    running = holds({"run.disabled": True}, {"run.disabled": False})
    wire = Wire(job_for(running=running)).act("run.n_clicks", 1, STARTED).poll(DONE)
    assert wire.seen == [
        "user: run.n_clicks=1",
        "running: run.disabled=True",
        "sends out.children",
        "polls out.children",
        "runningOff: run.disabled=False",
        "response: out.children=done",
    ]


def test_a_final_answer_is_applied_in_the_renderers_order() -> None:
    running = holds({"note.children": "busy"}, {"note.children": "over"})
    wire = Wire(job_for(running=running), bar__value=None, side__id="side", note__id="note")
    wire.act("run.n_clicks", 1, {**STARTED, "progressDefault": {"bar.value": "0"}})
    wire.seen.clear()
    wire.poll({**DONE, "progress": {"bar.value": "5"}, "sideUpdate": {"side": {"children": "s"}}})
    assert wire.seen == [
        "polls out.children",
        "sideUpdate: side.children=s",
        "progress: bar.value=5",
        "runningOff: note.children=over",
        "progressDefault: bar.value=0",
        "response: out.children=done",
    ]


def test_the_progress_default_is_not_applied_at_the_start() -> None:
    wire = Wire(job_for(), bar__value=None)
    wire.act("run.n_clicks", 1, {**STARTED, "progressDefault": {"bar.value": "0"}})
    assert wire.get("bar.value") is None


def test_an_answer_without_a_response_keeps_the_page_polling() -> None:
    wire = Wire(job_for(), bar__value=None).act("run.n_clicks", 1, STARTED)
    wire.poll({"multi": True, "progress": {"bar.value": "5"}})
    assert wire.get("bar.value") == "5"
    assert len(wire.page.polling) == 1
    assert wire.poll(DONE).page.polling == []
    assert wire.poll().asked == ["out.children"] * 3


def test_an_empty_response_is_final_and_leaves_the_output() -> None:
    wire = Wire(job_for(), out__children="before").act("run.n_clicks", 1, STARTED)
    wire.poll({"multi": True, "response": {}})
    assert wire.page.polling == []
    assert wire.get("out.children") == "before"


def test_an_ordinary_callback_is_never_polled_for() -> None:
    wire = Wire(declared("out.children", "run.n_clicks")).act("run.n_clicks", 1, RUNNING)
    assert wire.page.polling == []


def test_what_a_running_value_changes_calls_who_listens() -> None:
    running = holds({"note.children": "busy"}, {"note.children": "over"})
    echo = declared("echo.children", "note.children")
    wire = Wire(job_for(running=running), echo, note__id="note", echo__id="echo")
    answer = {"multi": True, "response": {"echo": {"children": "!"}}}
    wire.act("run.n_clicks", 1, STARTED, answer)
    assert wire.asked == ["out.children", "echo.children"]


@pytest.mark.parametrize("kind", ["progress", "sideUpdate", "response"])
def test_whatever_an_answer_sets_calls_who_listens(kind: str) -> None:
    echo = declared("echo.children", "note.children")
    wire = Wire(job_for(), echo, note__id="note", echo__id="echo").act("run.n_clicks", 1, STARTED)
    update = {"note.children": "x"} if kind == "progress" else {"note": {"children": "x"}}
    wire.poll({"multi": True, kind: update}, 204)
    assert wire.asked == ["out.children", "out.children", "echo.children"]
    assert wire.bodies[2]["inputs"][0]["value"] == "x"


def test_a_component_that_is_not_on_the_page_is_an_error_and_no_property() -> None:
    wire = Wire(job_for()).act("run.n_clicks", 1, STARTED)
    wire.poll({"multi": True, "progress": {"gone.value": 1}})
    text = 'ID running component not found in layout: "gone" (from progress)'
    assert wire.page.errors == [TabError(0, text)]
    assert "gone" not in wire.page.layout


# Which call waits for which.


def test_the_payloads_of_a_tick_precede_its_answers() -> None:
    first = declared("a.value", "run.n_clicks", state=("b.value",))
    second = declared("b.value", "run.n_clicks", state=("a.value",))
    wire = Wire(first, second, a__value="old", b__value="old")
    answers = [{"multi": True, "response": {id: {"value": "new"}}} for id in ("a", "b")]
    wire.act("run.n_clicks", 1, *answers)
    assert [body["state"][0]["value"] for body in wire.bodies] == ["old", "old"]


def test_a_call_waits_for_the_call_that_may_write_its_input() -> None:
    wire = Wire(
        declared("out.children", "a.value"), declared("a.value", "run.n_clicks"), a__value=1
    )
    answer = {"multi": True, "response": {"a": {"value": 2}}}
    wire.act("run.n_clicks", 1, answer, DONE)
    assert wire.asked == ["a.value", "out.children"]


def dependent() -> Wire:
    """A page with a running job that may write ``a``, which sets ``b``, which sets ``c``."""
    callbacks = [
        job_for("a.value"),
        declared("b.value", "a.value"),
        declared("c.value", "b.value", "go.n_clicks"),
    ]
    wire = Wire(*callbacks, a__value=0, b__value=0, c__value=0, go__n_clicks=0)
    return wire.act("run.n_clicks", 1, STARTED)


def test_a_running_job_keeps_waiting_whoever_depends_on_it_at_any_distance() -> None:
    wire = dependent().act("go.n_clicks", 1)
    assert wire.asked == ["a.value"]
    wire.poll(RUNNING)
    assert wire.asked == ["a.value", "a.value"]


def test_whoever_waited_for_a_job_is_called_after_its_end() -> None:
    wire = dependent().act("go.n_clicks", 1)
    b = {"multi": True, "response": {"b": {"value": 1}}}
    wire.poll({"multi": True, "response": {"a": {"value": 1}}}, b, 204)
    assert wire.asked[2:] == ["b.value", "c.value"]
    assert wire.bodies[3]["changedPropIds"] == ["go.n_clicks", "b.value"]


def test_a_call_whose_answer_is_under_way_keeps_its_dependents_waiting() -> None:
    wire = Wire(
        declared("a.value", "run.n_clicks"), declared("out.children", "a.value"), a__value=0
    )
    wire.page.hold_answers()
    wire.act("run.n_clicks", 1, {"multi": True, "response": {"a": {"value": 1}}})
    wire.act("a.value", 5)
    assert wire.asked == ["a.value"]
    wire.gives(DONE)
    wire.page.deliver_answers()
    assert wire.asked == ["a.value", "out.children"]


def test_a_job_that_was_replaced_keeps_nobody_waiting() -> None:
    echo = declared("echo.children", "out.children", "go.n_clicks")
    wire = Wire(job_for(), echo, echo__children="", go__n_clicks=0, out__children="")
    wire.page.hold_answers()
    wire.act("run.n_clicks", 1, STARTED)
    wire.act("run.n_clicks", 2, {"multi": True, "response": {}})
    wire.page.deliver_answers()
    assert len(wire.page.polling) == 1, "the older run is still polled for"
    wire.act("go.n_clicks", 1, 204)
    assert wire.asked[-1] == "echo.children"


def test_a_circle_of_callbacks_begins_with_the_first() -> None:
    first = declared("a.value", "b.value", "run.n_clicks")
    second = declared("b.value", "a.value", "run.n_clicks")
    wire = Wire(first, second, a__value=0, b__value=0).act("run.n_clicks", 1, 204, 204)
    assert wire.asked == ["a.value", "b.value"]


# Answers that are on their way.


def test_held_answers_arrive_in_the_order_of_their_requests() -> None:
    wire = Wire(job_for(), declared("out.title", "go.n_clicks"), go__n_clicks=0)
    wire.page.hold_answers()
    wire.act("run.n_clicks", 1, {"multi": True, "response": {"out": {"children": "first"}}})
    wire.act("go.n_clicks", 1, {"multi": True, "response": {"out": {"title": "second"}}})
    assert (wire.get("out.children"), wire.get("out.title")) == (None, None)
    wire.seen.clear()
    wire.page.deliver_answers()
    assert wire.seen == ["response: out.children=first", "response: out.title=second"]


def test_no_poll_follows_a_poll_whose_answer_is_on_its_way() -> None:
    wire = Wire(job_for()).act("run.n_clicks", 1, STARTED)
    wire.page.hold_answers()
    wire.poll(RUNNING).poll()
    assert wire.asked == ["out.children"] * 2
    wire.page.deliver_answers()
    assert wire.poll(DONE).get("out.children") == "done"


def test_a_delayed_answer_arrives_at_the_end_of_the_next_round_of_polls() -> None:
    wire = Wire(job_for())
    wire.page.delay_answers()
    wire.act("run.n_clicks", 1, STARTED)
    assert wire.page.waits, "an answer is on its way"
    wire.poll()
    assert wire.poll(DONE).get("out.children") is None
    assert wire.poll().get("out.children") == "done"
    assert (len(wire.requests), wire.page.waits) == (2, False)


@pytest.mark.parametrize(("told", "seconds"), [({"interval": 40}, 0.04), ({"interval": None}, 0)])
def test_the_pause_before_the_next_poll_is_the_interval(
    told: dict[str, Any], seconds: float
) -> None:
    wire = Wire(declared("out.children", "run.n_clicks", background=told))
    wire.act("run.n_clicks", 1, STARTED)
    assert wire.page.pause_seconds == seconds


def test_a_job_that_ends_while_others_are_polled_is_not_polled_again() -> None:
    other = job_for("there.children", "go.n_clicks")
    wire = Wire(job_for(), other, there__children="", go__n_clicks=0)
    wire.act("run.n_clicks", 1, STARTED)
    wire.act("go.n_clicks", 1, {"cacheKey": "key-2", "job": "job-2"})
    wire.poll(DONE, RUNNING).poll(RUNNING)
    assert wire.queries[-1] == {"cacheKey": "key-2", "job": "job-2"}
