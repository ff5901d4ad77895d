"""The wire page follows the renderer: values that are taken for patches, and whose instance `MATCH` is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from callback_conformance.adapters.dash.extensions import tell_instance
from callback_conformance.adapters.dash.renderer.renderer import Answer
from callback_conformance.scenario.equality import same
from tests.wire import RUNNING, STARTED, Wire, holds, job_for

KEY = "__dash_patch_update"
LIKE_A_PATCH = {KEY: KEY}
ROW = {"kind": "row", "index": 2}


def assigned(value: Any) -> dict[str, Any]:
    return {
        KEY: KEY,
        "operations": [{"operation": "Assign", "location": [], "params": {"value": value}}],
    }


@pytest.mark.parametrize("key", ["progress", "sideUpdate", "response"])
def test_a_patch_that_assigns_the_whole_sets_a_value(key: str) -> None:
    update = {"out": {"children": assigned(LIKE_A_PATCH)}}
    wire = Wire(job_for(), out__children="before").act("run.n_clicks", 1, STARTED)
    wire.poll(
        {**RUNNING, key: {"out.children": assigned(LIKE_A_PATCH)} if key == "progress" else update}
    )
    assert wire.get("out.children") == LIKE_A_PATCH


def test_a_value_with_the_key_of_a_patch_is_an_error_of_the_page() -> None:
    wire = Wire(job_for(), out__children="before").act("run.n_clicks", 1, STARTED)
    wire.poll({**RUNNING, "response": {"out": {"children": LIKE_A_PATCH}}})
    assert wire.get("out.children") == "before"
    assert [error.status for error in wire.page.errors] == [0]


def test_a_property_that_holds_nothing_cannot_be_patched() -> None:
    wire = Wire(job_for()).act("run.n_clicks", 1, STARTED)
    wire.poll({**RUNNING, "response": {"out": {"children": assigned(1)}}})
    assert [error.text for error in wire.page.errors] == ["Cannot patch undefined"]


def test_the_outputs_tell_the_instance_at_an_initial_call() -> None:
    body = {"outputs": {"id": ROW, "property": "children"}, "parsedChangedPropsIds": []}
    tell_instance(body)
    assert body["parsedChangedPropsIds"] == [ROW]


def test_the_outputs_tell_the_instance_when_another_component_has_changed() -> None:
    outputs = [[{"id": ROW, "property": "children"}], {"id": "out", "property": "children"}]
    body = {"outputs": outputs, "parsedChangedPropsIds": ["run.n_clicks"]}
    tell_instance(body)
    assert body["parsedChangedPropsIds"] == [ROW]


def test_without_an_instance_what_changed_stays() -> None:
    body: dict[str, Any] = {"parsedChangedPropsIds": [ROW]}
    tell_instance(body)
    assert body["parsedChangedPropsIds"] == [ROW]


def test_the_hook_is_called_before_running_is_applied() -> None:
    key = '{"index":["MATCH"],"kind":"row"}.children'
    row = {'{"index":2,"kind":"row"}.children': "idle"}
    wire = Wire(job_for(running=holds({key: "busy"}, {key: "over"})), **row)
    wire.page.before = lambda body: body.update(parsedChangedPropsIds=[ROW])
    wire.act("run.n_clicks", 1, STARTED)
    assert wire.get(next(iter(row))) == "busy"


# A request that is repeated until the server answers.


def test_a_poll_that_is_repeated_keeps_the_page_waiting_until_its_answer_comes() -> None:
    result = Answer(200, {**RUNNING, "response": {"out": {"children": "done"}}})
    answers = [Answer(0, again=lambda: answers.pop(0)), result]
    wire = Wire(job_for(running=holds({"out.title": "busy"}, {"out.title": "over"})))
    wire.act("run.n_clicks", 1, STARTED)
    wire.poll(Answer(0, again=lambda: answers.pop(0)))
    assert (wire.page.waits, wire.get("out.title")) == (True, "busy")
    wire.poll()
    assert (wire.page.waits, wire.get("out.children")) == (True, None)
    wire.poll()
    assert (wire.page.waits, wire.get("out.children")) == (False, "done")
    assert (wire.page.errors, wire.get("out.title")) == ([], "over")


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ([1], [True]),
        ({"a": 0}, {"a": False}),
        ([[None]], [[0]]),
        ([1, 2], [1]),
        ({"a": 1}, {"a": 1, "b": 2}),
        ({}, []),
    ],
    ids=repr,
)
def test_values_that_differ_on_whatever_level_are_not_the_same(seen: Any, expected: Any) -> None:
    assert not same(seen, expected)
    assert not same(expected, seen)


@pytest.mark.parametrize("value", [[True, [0, {"a": ()}]], {"a": {"b": None}}, (1, 2.5), "x", None])
def test_a_value_is_the_same_as_itself(value: Any) -> None:
    assert same(value, json.loads(json.dumps(value)))
