"""The scenario language: data that cannot change and that is checked when it is made."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from callback_conformance.adapters.emitter import Emitter
from callback_conformance.adapters.source import flat
from callback_conformance.scenario import (
    ALWAYS,
    SUCCESS,
    UNSET,
    BadScenario,
    Button,
    Field,
    Graph,
    Manager,
    ProgressBar,
    Step,
    Steps,
    Store,
    Text,
    announce,
    arg,
    assign,
    background,
    bar_figure,
    give,
    invoke,
    leaves,
    notify,
    ordinary,
    parameters,
    report,
    scenario,
    status,
    wait_at,
)
from callback_conformance.scenario.steps import Announce, Assign, Notify, Report

PROPERTY = st.from_regex(r"[a-z]{1,5}\.[a-z]{1,5}", fullmatch=True)
GROUPING = st.recursive(
    PROPERTY, lambda part: st.lists(part) | st.dictionaries(st.text("abc", min_size=1), part)
)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda part: st.lists(part) | st.dictionaries(st.text(), part),
)


def test_steps_join_to_a_job_in_their_order() -> None:
    job = announce("a") >> wait_at("b") >> give("c")
    assert job == Steps((announce("a"), wait_at("b"), give("c")))


def test_a_job_joins_a_job_as_it_joins_its_steps() -> None:
    first, then = announce("a") >> wait_at("b"), report(1) >> give("c")
    assert first >> then == announce("a") >> wait_at("b") >> report(1) >> give("c")
    assert announce("a") >> then == Steps((announce("a"), *then.steps))


@given(st.lists(st.builds(Announce, st.text()) | st.builds(Report, st.integers()), min_size=3))
def test_joining_is_associative_for_all_steps(steps: list[Step]) -> None:
    left = Steps()
    for step in steps:
        left = left >> step
    right = Steps((steps[-1],))
    for step in reversed(steps[:-1]):
        right = step >> right
    assert left == right == Steps(tuple(steps))


def test_joining_leaves_the_job_that_was_joined() -> None:
    job = wait_at("a") >> give("b")
    _ = job >> give("c")
    assert job == Steps((wait_at("a"), give("b")))


@given(GROUPING)
def test_the_leaves_of_any_grouping_are_its_properties_in_order(grouping: Any) -> None:
    def flattened(part: Any) -> list[str]:
        if isinstance(part, str):
            return [part]
        parts = part.values() if isinstance(part, Mapping) else part
        return [leaf for inner in parts for leaf in flattened(inner)]

    assert list(leaves(grouping)) == flattened(grouping)


def test_no_grouping_has_no_leaves() -> None:
    assert list(leaves(None)) == []


@given(GROUPING)
def test_a_frozen_grouping_keeps_its_leaves_and_refuses_a_change(grouping: Any) -> None:
    frozen = background(output=grouping, inputs="run.n_clicks", job=give(1)).output
    assert list(leaves(frozen)) == list(leaves(grouping))
    if isinstance(frozen, Mapping):
        with pytest.raises(TypeError):
            frozen["a"] = "b"  # type: ignore[index]
    else:
        assert isinstance(frozen, (str, tuple))


def test_what_a_grouping_was_made_from_may_change_without_changing_it() -> None:
    outputs, inputs = ["a.children", "b.children"], {"x": "c.value"}
    callback = background(output=outputs, inputs=inputs, job=give(1))
    outputs.append("d.children")
    inputs["y"] = "d.value"
    assert callback.output == ("a.children", "b.children")
    assert dict(callback.inputs) == {"x": "c.value"}


@pytest.mark.parametrize(
    "value",
    [
        Button("run"),
        give(1),
        give(1) >> give(2),
        arg("name"),
        bar_figure(1, 2),
        Manager("manager"),
        background(output="a.b", inputs="c.d", job=give(1)),
        ordinary(output="a.b", inputs="c.d", job=give(1)),
        invoke(trigger="run", job=give(1)),
        status("state", "status"),
        scenario(Button("run")),
    ],
    ids=lambda value: type(value).__name__,
)
def test_no_value_of_the_language_can_be_changed(value: Any) -> None:
    for field in dataclasses.fields(value):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(value, field.name, None)


def test_the_properties_of_a_component_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        Button("run").props["disabled"] = True  # type: ignore[index]


@pytest.mark.parametrize(
    ("component", "kind", "props"),
    [
        (Button("a", disabled=True), "button", {"disabled": True}),
        (Text("a", "idle", title="b"), "text", {"children": "idle", "title": "b"}),
        (Field("a"), "field", {"value": ""}),
        (ProgressBar("a"), "progress", {}),
        (Graph("a", figure=bar_figure(1, 2)), "graph", {"figure": bar_figure(1, 2)}),
        (Store("a"), "store", {"data": None}),
    ],
    ids=lambda value: getattr(value, "kind", ""),
)
def test_a_component_holds_its_kind_and_first_properties(
    component: Any, kind: str, props: dict[str, Any]
) -> None:
    assert (component.id, component.kind, dict(component.props)) == ("a", kind, props)


# Parameters.


def named(inputs: Any, state: Any = ()) -> dict[str, str]:
    """The parameters of a callback with these inputs and this state."""
    return parameters(ordinary(output="out.children", inputs=inputs, state=state, job=give(1)))


def test_a_parameter_is_called_like_its_component() -> None:
    assert named(["name.value"], ["out.children"]) == {
        "name": "name.value",
        "out": "out.children",
    }


def test_the_clicks_of_a_button_are_called_n_clicks() -> None:
    assert named("run.n_clicks") == {"n_clicks": "run.n_clicks"}


def test_parameters_that_would_share_a_name_are_called_by_component_and_property() -> None:
    assert named(["run.n_clicks", "go.n_clicks"], "name.value") == {
        "run_n_clicks": "run.n_clicks",
        "go_n_clicks": "go.n_clicks",
        "name": "name.value",
    }
    assert list(named(["field.value", "field.placeholder"])) == [
        "field_value",
        "field_placeholder",
    ]


def test_named_dependencies_name_the_parameters() -> None:
    assert named({"clicks": "run.n_clicks"}, {"who": "name.value"}) == {
        "clicks": "run.n_clicks",
        "who": "name.value",
    }


@given(st.lists(PROPERTY, unique=True), st.lists(PROPERTY, unique=True))
def test_parameters_stand_for_all_properties_in_their_order(
    inputs: list[str], state: list[str]
) -> None:
    wanted = [*inputs, *(prop for prop in state if prop not in inputs)]
    apart = [prop for prop in state if prop not in inputs]
    assert list(named(inputs, apart).values()) == wanted


# Callbacks.


def test_a_callback_has_the_defaults_of_a_program_that_names_nothing() -> None:
    callback = background(output="out.children", inputs="run.n_clicks", job=give(1))
    assert (callback.running, callback.cancel, callback.progress) == ((), (), None)
    assert callback.progress_default is UNSET
    assert (callback.interval_ms, callback.initial) == (100, False)
    assert (callback.manager, callback.duplicates) == ("", ())


def test_a_step_alone_is_a_job() -> None:
    assert background(output="a.b", inputs="c.d", job=give(1)).job == Steps((give(1),))
    assert invoke(trigger="run", job=give(1)).job == Steps((give(1),))


@pytest.mark.parametrize("cancel", ["a.b", ["a.b"], ("a.b",)], ids=repr)
def test_one_cancel_input_may_stand_alone(cancel: Any) -> None:
    callback = background(output="a.b", inputs="c.d", job=give(1), cancel=cancel)
    assert callback.cancel == ("a.b",)


@pytest.mark.parametrize(
    ("does", "steps"),
    [
        ((), ()),
        (wait_at("a"), ((ALWAYS, wait_at("a")),)),
        (notify("info", "hello"), ((ALWAYS, Notify("info", "hello")),)),
        (assign("a.b", 1, SUCCESS), ((SUCCESS, Assign("a.b", 1)),)),
        (
            [assign("a.b", 1), wait_at("c"), (SUCCESS, wait_at("d"))],
            (
                (ALWAYS, Assign("a.b", 1)),
                (ALWAYS, wait_at("c")),
                (SUCCESS, wait_at("d")),
            ),
        ),
    ],
    ids=["nothing", "a step", "a notification", "a timed step", "several"],
)
def test_a_status_function_does_one_step_or_several(does: Any, steps: Any) -> None:
    assert status("state", "status", does=does).steps == steps


# What a scenario refuses.

RUN, OUT = Button("run"), Text("out")


def job_for(**more: Any) -> Any:
    """A callback of ``run`` that writes to ``out``, changed by ``more``."""
    arguments = {"output": "out.children", "inputs": "run.n_clicks", "job": give(1), **more}
    return background(**arguments)


def test_parts_are_sorted_into_components_and_callbacks() -> None:
    both = scenario(job_for(), RUN, OUT)
    assert both.components == (RUN, OUT)
    assert both.callbacks == (job_for(),)


@pytest.mark.parametrize(
    ("options", "manager"),
    [
        ({}, "manager"),
        ({"managers": (Manager("a"), Manager("b"))}, "a"),
        ({"managers": (Manager("a"), Manager("b")), "manager": "b"}, "b"),
        ({"managers": (Manager("a"),), "manager": ""}, ""),
        ({"managers": ()}, ""),
    ],
    ids=["none named", "the first", "named", "of no one", "no manager"],
)
def test_the_constructors_manager_is_the_first_unless_another_is_named(
    options: dict[str, Any], manager: str
) -> None:
    assert scenario(RUN, OUT, **options).manager == manager


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: scenario(RUN, RUN), "2 components are called 'run'; each id is used once"),
        (
            lambda: scenario(RUN, OUT, job_for(), job_for()),
            "2 callbacks are called 'job'; give each a name of its own",
        ),
        (
            lambda: scenario(RUN, OUT, job_for(output="there.children")),
            "job names 'there.children', and no component is called 'there'; choose from out, run",
        ),
        (
            lambda: scenario(RUN, OUT, job_for(manager="other")),
            "job names the unknown manager 'other'",
        ),
    ],
    ids=["an id twice", "a name twice", "an unknown component", "an unknown manager"],
)
def test_a_scenario_that_contradicts_itself_names_the_part(
    make: Callable[[], object], message: str
) -> None:
    with pytest.raises(BadScenario) as raised:
        make()
    assert str(raised.value) == message


@pytest.mark.parametrize(
    "callback",
    [
        job_for(inputs="no.n_clicks"),
        job_for(state="no.value"),
        job_for(cancel="no.n_clicks"),
        job_for(progress=["out.children", "no.value"]),
        job_for(running=[("no.disabled", True, False)]),
        job_for(duplicates=(("out.title", "no.n_clicks"),)),
        ordinary(output={"a": "no.children"}, inputs="run.n_clicks", job=give(1)),
        invoke(trigger="no", job=give(1)),
        invoke(trigger="run", job=give(1), arguments=("no.value",)),
        invoke(trigger="run", job=give(1), first=assign("no.children", 1)),
        invoke(trigger="run", job=give(1), then=assign("no.children", 1)),
        invoke(trigger="run", job=give(1), status=status("state", does=assign("no.children", 1))),
        invoke(
            trigger="run",
            job=give(1),
            status=status("state", does=assign(("out.children", "no.children"), (1, 2))),
        ),
    ],
    ids=lambda callback: type(callback).__name__,
)
def test_an_unknown_component_is_found_wherever_it_is_named(callback: Any) -> None:
    with pytest.raises(BadScenario, match="no component is called 'no'"):
        scenario(RUN, OUT, callback)


# Values as source.


@given(
    JSON.filter(lambda value: "{" not in json.dumps(value, ensure_ascii=False).replace("{}", ""))
)
def test_the_source_of_any_json_value_evaluates_to_it(value: Any) -> None:
    assert eval(flat(Emitter().literal(value))) == value


@given(st.dictionaries(st.text("abc {}'\"\\\n"), st.text("abc'\"\\\n")))
def test_the_source_of_any_dictionary_evaluates_to_it(value: dict[str, str]) -> None:
    try:
        source = flat(Emitter().literal(value))
    except BadScenario:
        assert any("{" in key for key in value), "only a name in braces may be refused"
    else:
        assert eval(source) == value


@given(st.text("a {}\"'\\\n"), st.text("a {}\"'\\\n"))
def test_a_name_in_braces_is_filled_in_whatever_stands_beside_it(before: str, after: str) -> None:
    assume("{a" not in before + after)  # another name in braces, which the function does not have
    source = flat(Emitter().literal(f"{before}{{name}}{after}", ["name"]))
    assert eval(source, {"name": "Ada"}) == f"{before}Ada{after}"


def test_a_tuple_of_one_stays_a_tuple() -> None:
    assert eval(flat(Emitter().literal(("a",)))) == ("a",)


def test_an_argument_stands_for_its_value() -> None:
    assert flat(Emitter().literal([arg("name"), 1], ["name"])) == "[name, 1]"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (arg("nobody"), "arg('nobody'): the function has name"),
        ("Hello {nobody}", "'Hello {nobody}' names {'nobody'}, and the function has ('name',)"),
    ],
    ids=["an argument", "in braces"],
)
def test_a_name_that_the_function_does_not_have_is_refused(value: Any, message: str) -> None:
    with pytest.raises(BadScenario) as raised:
        Emitter().literal(value, ["name"])
    assert str(raised.value) == message
