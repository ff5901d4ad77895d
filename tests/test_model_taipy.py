"""The model of SPEC.md in the dialect taipy: what status functions receive, and what pages show."""

from __future__ import annotations

from typing import Any

import pytest

from callback_conformance import spec
from callback_conformance.model.acts import Click, OpenPage, Release
from callback_conformance.model.statuses import CALLED, Outcome, demanded_by, received
from callback_conformance.model.taipy import TaipyModel
from callback_conformance.scenario import (
    FAILURE,
    SUCCESS,
    Button,
    Text,
    arg,
    assign,
    give,
    invoke,
    notify,
    raise_error,
    scenario,
    status,
    wait_at,
)

WORD = wait_at("gate") >> give(arg("word"))
CLICK = Click(1, "run")
OUTCOME = Outcome(True, "R", ("E",))

#: The parameters after the state, and what each receives of a job that returned "R", with the status argument "E".
RECEIVED: list[tuple[tuple[str, ...], dict[str, Any], str]] = [
    (("status", "extra", "result"), {"status": True, "extra": "E", "result": "R"}, "STATUS-10"),
    (("status", "result", "extra"), {"status": True, "result": "R", "extra": "E"}, "STATUS-10"),
    (("status", "extra", "outcome"), {"status": True, "extra": "E", "outcome": "R"}, "STATUS-9"),
    (("status",), {"status": True}, "STATUS-12"),
    (("*rest",), {"rest": [True, "E", "R"]}, "STATUS-19"),
    (("status", "*rest"), {"status": True, "rest": ["E", "R"]}, "STATUS-20"),
    (("status", "extra", "*", "result"), {"status": True, "extra": "E", "result": "R"}, "STATUS-21"),
    (
        ("status", "extra", "outcome", 'more="kept"'),
        {"status": True, "extra": "E", "outcome": "R", "more": "kept"},
        "STATUS-23",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("parameters", "expected", "requirement"), RECEIVED, ids=[" ".join(r[0]) for r in RECEIVED]
)
def test_a_status_function_receives_what_its_parameters_stand_for(
    parameters: tuple[str, ...], expected: dict[str, Any], requirement: str
) -> None:
    function = status("state", *parameters)
    bound = received(function, OUTCOME)
    assert bound.keys() == expected.keys()
    assert all(bound[name].holds(part) for name, part in expected.items())
    assert not any(allowed.holds("another") for allowed in bound.values())
    ids = {id for allowed in bound.values() for id in allowed.requirements}
    assert requirement in ids | set(demanded_by(function))


def telling(job: Any = WORD, **options: Any) -> TaipyModel:
    """The model of an action whose status function assigns and notifies, once its job has been released."""
    does = [
        assign("out.children", arg("result"), SUCCESS),
        assign("out.children", "failed", FAILURE),
        notify("success", "done", SUCCESS),
    ]
    handler = status("state", "status", "result", does=does)
    action = invoke(trigger="run", job=job, **{"status": handler, **options})
    model = TaipyModel.opened(scenario(Button("run"), Text("out", "before"), action))
    model = model.act(CLICK)
    return model.act(Release(1, "w1")) if model.runs else model


def test_a_page_of_taipy_shows_what_the_status_function_assigns() -> None:
    returned = telling()
    assert returned.verdict(1, "out.children", "w1") == ()
    assert returned.verdict(1, "out.children", "before")[0] == "RESULT-1"
    assert returned.pages[1].notifications == (("success", "done"),)
    failed = telling(wait_at("gate") >> raise_error("no"))
    assert failed.verdict(1, "out.children", "failed") == ()
    assert failed.verdict(1, "out.children", "w1")[0] == "STATUS-7"
    assert failed.statuses[0].parameters["status"].values == (False,)


@pytest.mark.parametrize(
    ("options", "requirement"),
    [
        ({"kind": "text"}, "STATUS-27"),
        ({"literal_arguments": 5, "takes": ("name",)}, "STATUS-28"),
        ({"status": status("state", kind="text")}, "STATUS-29"),
    ],
)
def test_a_mistake_in_an_invocation_starts_no_job(options: Any, requirement: str) -> None:
    model = telling(**options)
    assert (model.refusals, dict(model.runs)) == ((requirement,), {})


def test_each_requirement_that_the_model_of_taipy_names_exists() -> None:
    named = {
        id for run in (telling(), telling(kind="coroutine")) for id in run.statuses[0].requirements
    }
    named |= {id for ids in CALLED.values() for id in ids}
    assert named <= set(spec.load().requirements)


def test_another_user_of_taipy_has_a_state_of_their_own() -> None:
    model = telling().act(OpenPage())
    assert model.verdict(2, "out.children", "before") == ()
    assert model.verdict(2, "out.children", "w1")[0] == "ISO-4"
