"""The model of SPEC.md in the dialect taipy: what status functions receive, and what pages show."""

from __future__ import annotations

from typing import Any

import pytest

from callback_conformance import spec
from callback_conformance.model import rules
from callback_conformance.model.acts import (
    Click,
    Enter,
    Leave,
    LetTimePass,
    LoadUnconnected,
    OpenPage,
    Overhear,
    Release,
    Reload,
)
from callback_conformance.model.invocations import NOBODY, demanding_news, periodic_parameters
from callback_conformance.model.jobs import NotModelled
from callback_conformance.model.statuses import CALLED, Outcome, demanded_by, received
from callback_conformance.model.taipy import TaipyModel
from callback_conformance.scenario import (
    FAILURE,
    RUNNING,
    SUCCESS,
    Button,
    Field,
    Text,
    arg,
    assign,
    give,
    invoke,
    name_thread,
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
        ({"literal_arguments": ["Ann"], "takes": ("name", "count")}, "STATUS-14"),
    ],
)
def test_a_mistake_in_an_invocation_starts_no_job(options: Any, requirement: str) -> None:
    model = telling(**options)
    assert ([ids[-1] for ids in model.refusals], dict(model.runs)) == ([requirement], {})


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


def opened(*actions: Any, **options: Any) -> TaipyModel:
    """The model of a program of these actions, each of which names its button."""
    buttons = [Button(action.trigger) for action in actions]
    parts = (Field("name", "Ann"), Text("out", "before"), Text("news", ""))
    return TaipyModel.opened(scenario(*buttons, *parts, *actions, **options))


def shown(result: str = "result") -> Any:
    """A status function that shows the result, and from time to time that there is none yet."""
    does = [
        assign("out.children", arg(result), SUCCESS),
        assign("news.children", "running", RUNNING),
        notify("success", "done", SUCCESS),
        notify("info", "still running", RUNNING),
    ]
    return status("state", "status", result, does=does)


def test_a_periodic_status_is_due_and_may_be_shown_before() -> None:
    model = opened(invoke(trigger="run", job=WORD, status=shown(), period_ms=500)).act(CLICK)
    assert model.allowed(1)["news.children"].values == ("", "running")
    assert ("info", "still running") in model.pages[1].repeated
    assert model.act(LetTimePass()).verdict(1, "news.children", "")[0] == "PERIOD-10"
    received = periodic_parameters(model.runs[1].callback)
    assert received["result"].values == (None,)


def test_what_a_job_and_its_status_function_are_says_why_news_is_due() -> None:
    def demanding(**options: Any) -> tuple[str, ...]:
        handler = options.pop("handler", shown())
        job = options.pop("job", WORD)
        model = opened(invoke(trigger="run", job=job, status=handler, period_ms=500)).act(CLICK)
        return demanding_news(
            model.act(Release(1, "")).runs[1] if "start" in str(job) else model.runs[1]
        )

    assert demanding() == ("PERIOD-1",)
    naming = wait_at("start") >> name_thread("worker") >> WORD
    assert demanding(job=naming)[0] == "PERIOD-9"
    assert demanding(handler=status("state", "status", kind="partial"))[0] == "PERIOD-8"
    mistaken = status("state", "status", does=raise_error("no"))
    assert demanding(handler=mistaken)[0] == "PERIOD-7"


def test_what_is_sent_for_a_user_who_left_is_for_nobody_else() -> None:
    model = opened(invoke(trigger="run", job=WORD, status=shown())).act(OpenPage()).act(CLICK)
    model = model.act(Leave(1)).act(Release(1, "w1"))
    assert list(model.pages) == [2]
    assert model.verdict(2, "out.children", "w1")[0] == "ISO-8"
    assert model.unbidden_notification(2) == "ISO-8"
    returned = model.act(Reload(1))
    assert returned.verdict(1, "out.children", "before")[0] == "ISO-13"
    assert returned.verdict(1, "out.children", "w1") == ()


def test_whether_a_user_who_comes_back_was_forgotten_is_left_open() -> None:
    model = opened(invoke(trigger="run", job=WORD, status=shown()), forget_after_seconds=1)
    with pytest.raises(NotModelled, match="forgotten"):
        model.act(Reload(1))


def test_what_is_sent_for_a_user_whose_page_never_opened_is_for_nobody() -> None:
    model = opened(invoke(trigger="run", job=WORD, status=shown(), initial=True))
    assert model.runs[1].page == 1
    model = model.act(LoadUnconnected()).act(Release(2, "w1"))
    assert model.runs[2].page == NOBODY
    assert model.pages[1].notifications == ()
    assert model.unbidden_notification(1) == "ISO-7"
    assert model.verdict(1, "out.children", "w1")[0] == "ISO-4"


def test_what_a_stranger_does_changes_nothing() -> None:
    takes_name = invoke(trigger="run", job=WORD, arguments=("name.value",), status=shown())
    model = opened(takes_name).act(Enter(1, "name.value", "Bea")).act(Overhear(1))
    assert model.verdict(1, "name.value", "Zoe")[0] == "SEC-24"
    assert model.act(CLICK).runs[1].arguments == {"name": "Bea"}


def test_a_later_action_finds_what_a_status_function_assigned() -> None:
    takes_out = invoke(trigger="again", job=WORD, arguments=("out.children",), name="second")
    model = opened(invoke(trigger="run", job=WORD, status=shown()), takes_out)
    model = model.act(CLICK).act(Release(1, "w1")).act(Click(1, "again"))
    assert model.runs[2].arguments == {"out": "w1"}
    assert model.deciding(rules.RECEIVES, model.runs[2])[0] == "STATUS-17"


def test_a_mistake_in_a_status_function_is_no_reason_not_to_call_others() -> None:
    mistaken = status("state", "status", does=raise_error("no"))
    model = opened(invoke(trigger="run", job=WORD, status=mistaken)).act(CLICK)
    model = model.act(Release(1, "w1")).act(CLICK).act(Release(2, "w2"))
    assert [final.requirements[0] for final in model.statuses] == ["STATUS-12", "STATUS-12"]
    assert "ISO-11" in model.statuses[1].requirements
    assert "ISO-11" not in model.statuses[0].requirements
