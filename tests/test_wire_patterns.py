"""The wire page follows the renderer: wildcards, and components that come and go."""

from __future__ import annotations

import json
from typing import Any

import pytest

from callback_conformance.adapters.dash.renderer.ids import (
    protocol_id,
    protocol_property,
    scenario_id,
    scenario_property,
)
from callback_conformance.adapters.dash.renderer.layout import Layout
from callback_conformance.adapters.dash.renderer.patterns import Dependency, Reference
from tests.wire import DONE, RUNNING, STARTED, Wire, components, declared, holds, job_for


def p(prop: str) -> str:
    """The protocol's name of a property that a scenario calls so."""
    return protocol_property(prop)


def rows(*indices: int, **names: str) -> dict[str, Any]:
    """The properties of as many rows, each with a button, a field and an output."""
    values: dict[str, Any] = {}
    for index in indices:
        values |= {p(f"go[{index}].title"): "", p(f"name[{index}].value"): f"n{index}"}
        values |= {p(f"out[{index}].title"): ""}
    return values


def of_a_row(*inputs: str, state: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    """A callback with an instance for each row."""
    triggers = [p(prop) for prop in inputs or ("go[MATCH].n_clicks",)]
    states = tuple(p(prop) for prop in state)
    return declared(p("out[MATCH].children"), *triggers, state=states, **more)


def answers(index: int, value: str) -> dict[str, Any]:
    """The answer to the instance of a row."""
    return {"multi": True, "response": {protocol_id(f"out[{index}]"): {"children": value}}}


# Names.


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("run", "run"),
        ("row[1]", '{"index":1,"type":"row"}'),
        ("row[a]", '{"index":"a","type":"row"}'),
        ("row[ALL]", '{"index":["ALL"],"type":"row"}'),
    ],
)
def test_an_id_has_a_name_in_each_language(ours: str, theirs: str) -> None:
    assert protocol_id(ours) == theirs
    assert scenario_id(theirs) == ours or "ALL" in ours
    assert scenario_property(f"{theirs}.value").endswith(".value")


def test_an_id_of_another_form_keeps_its_name() -> None:
    assert scenario_id({"kind": "row"}) == '{"kind":"row"}'


# What a dependency stands for.

THERE = Layout(components(rows(10, 2, 1)))


@pytest.mark.parametrize(
    ("written", "beside", "indices"),
    [
        ("name[ALL].value", None, [10, 2, 1]),
        ("name[ALL].value", "out[2]", [10, 2, 1]),
        ("name[MATCH].value", None, [10, 2, 1]),
        ("name[MATCH].value", "out[2]", [2]),
        ("name[ALLSMALLER].value", "out[10]", [2, 1]),
        ("name[ALLSMALLER].value", "out[1]", []),
        ("name[2].value", "out[1]", [2]),
        ("name[3].value", None, []),
        ("gone[ALL].value", None, []),
    ],
)
def test_a_dependency_stands_for_what_matches_in_the_order_of_the_page(
    written: str, beside: str | None, indices: list[int]
) -> None:
    pattern = Dependency.of(p("out[MATCH].children"))
    reference = Reference(protocol_id(beside), pattern) if beside else None
    properties = Dependency.of(p(written)).properties(THERE, reference)
    assert [json.loads(prop.id)["index"] for prop in properties] == indices


def test_numbers_come_before_texts() -> None:
    row = Layout(components({p(f"name[{index}].value"): "" for index in ("b", 7, "a")}))
    pattern = Dependency.of(p("out[MATCH].children"))
    properties = Dependency.of(p("name[ALLSMALLER].value")).properties(
        row, Reference(protocol_id("out[b]"), pattern)
    )
    assert [scenario_id(prop.id) for prop in properties] == ["name[7]", "name[a]"]


# What is called, and what a request carries.


def test_a_change_calls_the_instance_that_it_matches() -> None:
    wire = Wire(of_a_row(state=("name[ALL].value",)), **rows(1, 2))
    wire.act(p("go[2].n_clicks"), 1, answers(2, "two"))
    [body] = wire.bodies
    assert body == {
        "output": '{"index":["MATCH"],"type":"out"}.children',
        "outputs": {"id": {"index": 2, "type": "out"}, "property": "children"},
        "inputs": [{"id": {"index": 2, "type": "go"}, "property": "n_clicks", "value": 1}],
        "changedPropIds": ['{"index":2,"type":"go"}.n_clicks'],
        "parsedChangedPropsIds": [{"index": 2, "type": "go"}],
        "state": [
            [
                {"id": {"index": 1, "type": "name"}, "property": "value", "value": "n1"},
                {"id": {"index": 2, "type": "name"}, "property": "value", "value": "n2"},
            ]
        ],
    }
    assert wire.get(p("out[2].children")) == "two"


def test_a_change_of_what_all_instances_have_calls_each() -> None:
    wire = Wire(of_a_row("go[MATCH].n_clicks", "run.n_clicks"), **rows(1, 2))
    wire.act("run.n_clicks", 1, answers(1, "one"), answers(2, "two"))
    assert [body["outputs"]["id"]["index"] for body in wire.bodies] == [1, 2]


def test_a_change_calls_the_instances_for_which_it_is_smaller() -> None:
    wire = Wire(of_a_row("name[ALLSMALLER].value"), **rows(1, 2, 3))
    wire.act(p("name[2].value"), "new", answers(3, "three"))
    [body] = wire.bodies
    assert body["outputs"]["id"]["index"] == 3
    assert [entry["value"] for entry in body["inputs"][0]] == ["n1", "new"]


def test_changes_of_several_members_are_one_call_of_a_callback_with_all() -> None:
    writes = declared(p("name[ALL].value"), "run.n_clicks")
    wire = Wire(writes, declared("out.children", p("name[ALL].value")), **rows(1, 2))
    both = {protocol_id(f"name[{index}]"): {"value": "new"} for index in (1, 2)}
    wire.act("run.n_clicks", 1, {"multi": True, "response": both}, DONE)
    assert wire.bodies[1]["changedPropIds"] == [p("name[1].value"), p("name[2].value")]
    assert [entry["value"] for entry in wire.bodies[1]["inputs"][0]] == ["new", "new"]


def test_a_poll_carries_the_values_that_stand_in_lists() -> None:
    wire = Wire(job_for(state=(p("name[ALL].value"),)), **rows(1)).act("run.n_clicks", 1, STARTED)
    wire.poll(DONE)
    assert [entry["value"] for entry in wire.bodies[1]["state"][0]] == ["n1"]
    assert wire.bodies[1]["inputs"][0]["value"] is None


def test_a_newer_call_of_an_instance_replaces_none_of_another() -> None:
    definition = of_a_row(background={"interval": 1})
    wire = Wire(definition, **rows(1, 2)).act(p("go[1].n_clicks"), 1, STARTED)
    wire.act(p("go[2].n_clicks"), 1, {"cacheKey": "key-2", "job": "job-2"})
    assert wire.queries[1] == {}
    wire.act(p("go[1].n_clicks"), 2, {"cacheKey": "key-3", "job": "job-3"})
    assert wire.queries[2] == {"oldJob": "job-1"}


def test_callbacks_without_outputs_are_all_alike() -> None:
    job = declared("3b8c1f", "run.n_clicks", background={"interval": 1}, no_output=True)
    other = declared("77aa01", "cancel.n_clicks", no_output=True)
    wire = Wire(job, other).act("run.n_clicks", 1, STARTED).act("cancel.n_clicks", 1, 204)
    assert wire.queries[1] == {"oldJob": "job-1"}
    assert wire.poll({**RUNNING, "sideUpdate": {"out": {"title": "lost"}}}).page.polling == []


def test_running_with_match_is_that_of_the_trigger() -> None:
    running = holds({p("go[MATCH].title"): "busy"}, {p("go[MATCH].title"): "over"})
    wire = Wire(of_a_row(running=running), **rows(1, 2))
    wire.act(p("go[2].n_clicks"), 1, answers(2, "two"))
    assert [wire.get(p(f"go[{index}].title")) for index in (1, 2)] == ["", "over"]
    assert f"running: {p('go[2].title')}=busy" in wire.seen


def test_running_with_all_is_that_of_each() -> None:
    running = holds({p("go[ALL].title"): "busy"}, {p("go[ALL].title"): "over"})
    wire = Wire(of_a_row(running=running), **rows(1, 2))
    wire.act(p("go[2].n_clicks"), 1, answers(2, "two"))
    assert [wire.get(p(f"go[{index}].title")) for index in (1, 2)] == ["over", "over"]


def test_running_with_match_is_an_error_when_another_component_triggers() -> None:
    running = holds({p("go[MATCH].title"): "busy"}, {p("go[MATCH].title"): "over"})
    wire = Wire(of_a_row("go[MATCH].n_clicks", "run.n_clicks", running=running), **rows(1))
    wire.act("run.n_clicks", 1, answers(1, "one"))
    assert len(wire.asked) == 1
    assert ["not found" in error.text for error in wire.page.errors] == [True, True]


def test_running_with_match_fails_at_an_initial_call_and_nothing_is_sent() -> None:
    running = holds({p("go[MATCH].title"): "busy"}, {})
    wire = Wire(of_a_row(running=running, prevent_initial_call=False), **rows(1)).start()
    assert wire.asked == []
    assert [error.text for error in wire.page.errors] == [
        "Cannot read properties of undefined (reading 'index')"
    ]


def test_a_callback_of_which_one_input_is_missing_is_an_error() -> None:
    wire = Wire(declared("out.children", "run.n_clicks", "gone.value")).act("run.n_clicks", 1)
    assert wire.asked == []
    assert "`gone`" in wire.page.errors[0].text


# Components that come and go.


def put(id: str, *parts: Any) -> dict[str, Any]:
    """An answer that puts components into another."""
    return {"multi": True, "response": {id: {"children": list(parts)}}}


def part(component: str, **props: Any) -> dict[str, Any]:
    """A component as a server serves it."""
    id = protocol_id(component)
    parsed_id = json.loads(id) if id.startswith("{") else id
    return {"type": "Div", "props": {"id": parsed_id, **props}}


BRINGS = declared("place.children", "run.n_clicks")
PLACE = {"place.title": ""}


def test_components_that_have_come_are_on_the_page() -> None:
    wire = Wire(BRINGS, **PLACE).act("run.n_clicks", 1, put("place", part("new", value=7)))
    assert wire.get("new.value") == 7
    assert not wire.page.errors
    wire.act("run.n_clicks", 2, put("place"))
    assert "new" not in wire.page.layout


def test_what_has_come_is_called_initially_unless_it_prevents_it() -> None:
    initial = declared("new.children", "new.value", prevent_initial_call=False)
    prevented = declared("new.title", "new.value")
    arrival = put("place", part("new", value=7))
    wire = Wire(BRINGS, initial, prevented, **PLACE).act("run.n_clicks", 1, arrival, 204)
    assert wire.asked == ["place.children", "new.children"]


def test_an_input_that_has_come_calls_whose_output_was_there() -> None:
    wire = Wire(BRINGS, declared("out.children", "new.value"), **PLACE)
    wire.act("run.n_clicks", 1, put("place", part("new", value=7)), DONE)
    assert wire.bodies[1]["changedPropIds"] == ["new.value"]


def test_a_list_that_has_become_shorter_calls_whom_it_concerns() -> None:
    counts = declared("out.children", p("name[ALL].value"))
    two = put("place", part("name[1]", value="a"), part("name[2]", value="b"))
    arrival = put("place", part("name[1]", value="a"))
    wire = Wire(BRINGS, counts, **PLACE).act("run.n_clicks", 1, two, DONE)
    wire.act("run.n_clicks", 2, arrival, DONE)
    assert [len(body["inputs"][0]) for body in wire.bodies[1::2]] == [2, 1]


def test_a_component_that_is_renewed_in_its_place_keeps_its_rank() -> None:
    members = [part("name[2]", value="b"), part("name[1]", value="a")]
    wire = Wire(BRINGS, **PLACE).act("run.n_clicks", 1, put("place", *members))
    wire.act("run.n_clicks", 2, put("place", *members, part("name[0]")))
    ranked = wire.page.layout.members(("index", "type"))
    assert [scenario_id(id) for id in ranked] == ["name[2]", "name[1]", "name[0]"]


def test_an_answer_for_a_component_that_has_left_is_left_out() -> None:
    writes = job_for("new.children", "cancel.n_clicks")
    wire = Wire(BRINGS, writes, **PLACE).act("run.n_clicks", 1, put("place", part("new")))
    wire.act("cancel.n_clicks", 1, STARTED).act("run.n_clicks", 2, put("place"))
    wire.poll({"multi": True, "response": {"new": {"children": "late"}}})
    assert "new" not in wire.page.layout
    assert not wire.page.errors


def test_what_a_side_update_brings_is_on_the_page_and_called_by_nobody() -> None:
    initial = declared("new.children", "new.value", prevent_initial_call=False)
    wire = Wire(job_for(), initial, **PLACE).act("run.n_clicks", 1, STARTED)
    wire.poll({**RUNNING, "sideUpdate": {"place": {"children": [part("new", value=1)]}}})
    assert wire.get("new.value") == 1
    assert wire.asked == ["out.children"] * 2


# Chains.


def test_a_callback_is_not_called_again_by_its_own_output() -> None:
    own = declared("run.n_clicks", "run.n_clicks")
    wire = Wire(own).act("run.n_clicks", 1, {"multi": True, "response": {"run": {"n_clicks": 0}}})
    assert wire.asked == ["run.n_clicks"]
    assert wire.get("run.n_clicks") == 0


def test_an_initial_call_is_left_out_when_what_it_waited_for_has_not_changed() -> None:
    first = declared("out.title", "run.n_clicks", prevent_initial_call=False)
    then = declared("out.children", "out.title", prevent_initial_call=False)
    assert Wire(first, then).start(204).asked == ["out.title"]
    changed = {"multi": True, "response": {"out": {"title": "new"}}}
    assert Wire(first, then).start(changed, DONE).asked == ["out.title", "out.children"]
