"""The wire page follows the renderer: each step, against a server that is a list of answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from harness.pages.dash_renderer import Answer, Renderer, Spec, component_props
from harness.pages.tab import TabError

STARTED = {"cacheKey": "key", "job": "job-1"}
RUNNING: dict[str, Any] = {"multi": True}
DONE = {"multi": True, "response": {"out": {"children": "done"}}}


def declared(output: str, *inputs: str, state: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    """A callback as a server lists it in ``_dash-dependencies``."""
    return {
        "output": output,
        "inputs": [dict(zip(("id", "property"), one.split("."), strict=True)) for one in inputs],
        "state": [dict(zip(("id", "property"), one.split("."), strict=True)) for one in state],
        "prevent_initial_call": True,
        **more,
    }


def job_for(output: str = "out.children", trigger: str = "run.n_clicks", **more: Any) -> Any:
    """A background callback as a server lists it."""
    return declared(output, trigger, background={"interval": 100}, **more)


def holds(during: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """The entry of a callback with ``running``."""
    return {"running": dict(during), "runningOff": dict(after)}


class Wire:
    """A renderer whose server gives the answers of a list; ``seen`` is what happened, in order."""

    def __init__(self, *callbacks: dict[str, Any], **values: Any) -> None:
        self.seen: list[str] = []
        self.requests: list[tuple[list[tuple[str, str]], dict[str, Any], bool]] = []
        self.answers: list[Answer] = []
        shown = {name.replace("__", "."): value for name, value in values.items()}
        there = {"run.id": "run", "out.id": "out", "cancel.id": "cancel", **shown}
        self.page = Renderer(map(Spec.of, callbacks), there, self._send, self._saw)

    def start(self, *answers: Any) -> Wire:
        """Load the page."""
        self._give(answers)
        self.page.start()
        return self

    def act(self, prop: str, value: Any, *answers: Any) -> Wire:
        """The user changes a property; the server gives these answers."""
        self._give(answers)
        self.page.act(prop, value)
        return self

    def poll(self, *answers: Any) -> Wire:
        """The page polls; the server gives these answers."""
        self._give(answers)
        self.page.poll()
        return self

    @property
    def queries(self) -> list[dict[str, str]]:
        """The query of each request."""
        return [dict(query) for query, _, _ in self.requests]

    @property
    def bodies(self) -> list[dict[str, Any]]:
        """The body of each request."""
        return [body for _, body, _ in self.requests]

    @property
    def asked(self) -> list[str]:
        """The callback of each request."""
        return [body["output"] for body in self.bodies]

    def get(self, prop: str) -> Any:
        """What a property shows."""
        return self.page.values.get(prop)

    def _give(self, answers: tuple[Any, ...]) -> None:
        made = [Answer(one) if isinstance(one, int) else one for one in answers]
        self.answers += [one if isinstance(one, Answer) else Answer(200, one) for one in made]

    def _send(self, query: list[tuple[str, str]], body: dict[str, Any], poll: bool) -> Answer:
        self.requests.append((query, body, poll))
        self.seen.append(f"{'polls' if poll else 'sends'} {body['output']}")
        return self.answers.pop(0)

    def _saw(self, what: str, **facts: Any) -> None:
        if what == "shows":
            self.seen.append(f"{facts['source']}: {facts['prop']}={facts['value']}")


# What a server lists.


def test_an_entry_is_read_as_it_is_served() -> None:
    entry = job_for(
        state=("name.value",), running=holds({"run.disabled": True}, {"run.disabled": False})
    )
    assert Spec.of(entry) == Spec(
        output="out.children",
        outputs=("out.children",),
        inputs=("run.n_clicks",),
        state=("name.value",),
        prevent_initial_call=True,
        background=True,
        running={"run.disabled": True},
        running_off={"run.disabled": False},
        multi=False,
    )


@pytest.mark.parametrize(
    ("output", "outputs", "multi"),
    [
        ("out.children", ("out.children",), False),
        ("..out.children...bar.value..", ("out.children", "bar.value"), True),
        ("..out.children..", ("out.children",), True),
        ("out.children@0f1e", ("out.children",), False),
        ("3b8c1f", (), False),
    ],
    ids=["one", "several", "a list of one", "a duplicate", "none"],
)
def test_the_outputs_stand_in_the_callbacks_id(
    output: str, outputs: tuple[str, ...], multi: bool
) -> None:
    found = Spec.of(declared(output, "run.n_clicks"))
    assert (found.outputs, found.multi) == (outputs, multi)


def test_dash_2_calls_a_background_callback_long() -> None:
    assert Spec.of(declared("out.children", "run.n_clicks", long={"interval": 1})).background
    assert not Spec.of(declared("out.children", "run.n_clicks", background=None)).background


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
    assert component_props(layout) == {
        "run.id": "run",
        "run.children": "Run",
        "run.disabled": True,
        "p.id": "p",
    }


# What a request carries.


def test_a_request_carries_the_values_that_are_set_and_leaves_out_the_others() -> None:
    wire = Wire(declared("out.children", "run.n_clicks", "a.value", state=("b.value",)), a__id="a")
    wire.page.values["b.value"] = None
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


def test_several_outputs_are_a_list_and_none_is_null() -> None:
    several = declared("..out.children...out.title..", "run.n_clicks")
    wire = Wire(several, declared("3b8c1f", "run.n_clicks"))
    wire.act("run.n_clicks", 1, DONE, 204)
    assert wire.bodies[0]["outputs"] == [
        {"id": "out", "property": "children"},
        {"id": "out", "property": "title"},
    ]
    assert wire.bodies[1]["outputs"] is None


def test_a_poll_carries_the_handles_and_the_body_without_its_values() -> None:
    wire = Wire(job_for(state=("name.value",)), name__value="Ada")
    wire.act("run.n_clicks", 1, STARTED).poll(RUNNING)
    first, poll = wire.bodies
    assert wire.requests[1][0] == [("cacheKey", "key"), ("job", "job-1")]
    assert wire.requests[1][2]
    assert [one["value"] for one in (*poll["inputs"], *poll["state"])] == [None, None]
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
    assert wire.bodies[1]["changedPropIds"] == ["a.value", "run.n_clicks"]
    assert [one["value"] for one in wire.bodies[1]["inputs"]] == ["new", 1]


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
    told = {"note.children": "x"} if kind == "progress" else {"note": {"children": "x"}}
    wire.poll({"multi": True, kind: told}, 204)
    assert wire.asked == ["out.children", "out.children", "echo.children"]
    assert wire.bodies[2]["inputs"][0]["value"] == "x"


def test_a_component_that_is_not_on_the_page_is_an_error_and_no_property() -> None:
    wire = Wire(job_for()).act("run.n_clicks", 1, STARTED)
    wire.poll({"multi": True, "progress": {"gone.value": 1}})
    assert wire.page.errors == [TabError(0, "gone.value: no such component (from progress)")]
    assert "gone.value" not in wire.page.values


# Ends without a result.

BUSY = holds({"note.children": "busy"}, {"note.children": "over"})
DEFAULT = {**STARTED, "progressDefault": {"bar.value": "0"}}


def triggered() -> Wire:
    """A page whose job has started and has reported progress."""
    wire = Wire(job_for(running=BUSY), bar__value=None, note__children="idle")
    wire.page.values["out.children"] = "before"
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
    there = job_for("there.children", "go.n_clicks")
    wire = Wire(job_for(), there, CANCEL, there__children="", go__n_clicks=0)
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
    assert wire.bodies[3]["changedPropIds"] == ["b.value", "go.n_clicks"]


def test_a_call_whose_answer_is_under_way_keeps_its_dependents_waiting() -> None:
    wire = Wire(
        declared("a.value", "run.n_clicks"), declared("out.children", "a.value"), a__value=0
    )
    wire.page.hold_answers()
    wire.act("run.n_clicks", 1, {"multi": True, "response": {"a": {"value": 1}}})
    wire.act("a.value", 5)
    assert wire.asked == ["a.value"]
    wire._give((DONE,))
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
    wire = Wire(
        declared("a.value", "b.value"), declared("b.value", "a.value"), a__value=0, b__value=0
    )
    for spec in wire.page.specs:
        wire.page._request(spec, spec.inputs[0])
    wire._give((204, 204))
    wire.page.run()
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


def test_a_job_that_ends_while_others_are_polled_is_not_polled_again() -> None:
    there = job_for("there.children", "go.n_clicks")
    wire = Wire(job_for(), there, there__children="", go__n_clicks=0)
    wire.act("run.n_clicks", 1, STARTED)
    wire.act("go.n_clicks", 1, {"cacheKey": "key-2", "job": "job-2"})
    wire.poll(DONE, RUNNING).poll(RUNNING)
    assert wire.queries[-1] == {"cacheKey": "key-2", "job": "job-2"}
