"""The model of SPEC.md, by itself: what it allows, and to which requirement it ascribes what it does not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from callback_conformance import spec
from callback_conformance.model import Model, NotModelled, rules
from callback_conformance.model.acts import (
    Act,
    Click,
    Enter,
    HoldAnswers,
    Look,
    LosePoll,
    OpenPage,
    Release,
    Reload,
)
from callback_conformance.scenario import (
    NO_UPDATE,
    Button,
    Field,
    Manager,
    ProgressBar,
    Scenario,
    Text,
    arg,
    background,
    constant,
    decline,
    die,
    give,
    if_word,
    invoke,
    no_update,
    ordinary,
    raise_error,
    report,
    scenario,
    set_props,
    spin,
    wait_at,
)

WORD = wait_at("gate") >> give(arg("word"))
ENDINGS = (
    wait_at("gate")
    >> if_word("raise", raise_error("no"))
    >> if_word("die", die())
    >> if_word("decline", decline())
    >> if_word("none", no_update())
    >> give(arg("word"))
)
HALFWAY = wait_at("gate") >> report(arg("word")) >> wait_at("half") >> give(arg("word"))
SETTING = wait_at("gate") >> set_props("said.children", arg("word")) >> ENDINGS
BUSY = ("note.children", "busy", "over")
CLICK, LOOK, STOP = Click(1, "run"), Look(1), Click(1, "stop")


def program(**options: Any) -> Scenario:
    """One callback of ``run`` with what the stories need beside it."""
    callback = {
        "output": "out.children",
        "inputs": "run.n_clicks",
        "cancel": "stop.n_clicks",
        "job": WORD,
    }
    return scenario(
        Button("run"),
        Button("stop"),
        Text("out", "before"),
        Text("other", "before"),
        Text("note", "idle"),
        Text("said"),
        ProgressBar("bar"),
        background(**{**callback, **options}),
    )


def released(run: int = 1, word: str = "w1") -> list[Act]:
    """The job of a run ends with a word, and its user looks."""
    return [Release(run, word), LOOK]


SEVERAL = ["out.children", "other.children"]
RUNNING = {"running": [BUSY], "job": ENDINGS}
PROGRESS = {"progress": "bar.value", "progress_default": "rest", "job": HALFWAY}

#: The requirement, the program, what is done, and of a property what it must be and what it must not be.
STORIES: list[tuple[str, dict[str, Any], Sequence[Act], str, Any, Any]] = [
    ("RESULT-1", {}, [CLICK, *released()], "out.children", "w1", "before"),
    ("RESULT-2", {}, [CLICK, LOOK], "out.children", "before", "early"),
    ("RESULT-3", {"job": wait_at("gate") >> give([1])}, [CLICK, *released()], "out.children", [1], 1),
    ("RESULT-4", {"output": SEVERAL, "job": wait_at("gate") >> give(("a", "b"))},
     [CLICK, *released()], "other.children", "b", "a"),
    ("RESULT-5", {"job": wait_at("gate") >> give(0)}, [CLICK, *released()], "out.children", 0, "before"),
    ("SIGN-4", {"output": {"a": "out.children"}, "job": wait_at("gate") >> give({"a": "b"})},
     [CLICK, *released()], "out.children", "b", "before"),
    ("SIGN-5", {"output": ["out.children"], "job": wait_at("gate") >> give(["b"])},
     [CLICK, *released()], "out.children", "b", ["b"]),
    ("SIGN-6", {"job": ENDINGS}, [CLICK, *released(word="none")], "out.children", "before", None),
    ("SIGN-7", {"output": SEVERAL, "job": wait_at("gate") >> give(("a", NO_UPDATE))},
     [CLICK, *released()], "other.children", "before", None),
    ("RESULT-8", {}, [CLICK, CLICK, *released(2)], "out.children", "w1", "before"),
    ("RESULT-10", {}, [CLICK, CLICK, *released(1)], "out.children", "before", "w1"),
    ("RESULT-11", {}, [CLICK, Reload(1), *released(1)], "out.children", "before", "w1"),
    ("RESULT-13", {}, [CLICK, LosePoll(1), *released()], "out.children", "w1", "before"),
    ("RESULT-15", {"job": ENDINGS}, [CLICK, *released(word="die")], "out.children", "before", None),
    ("CANCEL-2", {}, [CLICK, LOOK, STOP, LOOK], "out.children", "before", None),
    ("CANCEL-6", {}, [CLICK, STOP, LOOK, CLICK, *released(2)], "out.children", "w1", "before"),
    ("FAIL-3", {"job": ENDINGS}, [CLICK, *released(word="raise"), CLICK, *released(2)],
     "out.children", "w1", "before"),
    ("UPDATE-11", {"job": ENDINGS, "on_error": give("failed")}, [CLICK, *released(word="raise")],
     "out.children", "failed", "before"),
    ("RUN-1", RUNNING, [CLICK, LOOK], "note.children", "busy", "idle"),
    ("RUN-2", RUNNING, [CLICK, *released()], "note.children", "over", "busy"),
    ("RUN-5", RUNNING, [LOOK], "note.children", "idle", "over"),
    ("RUN-6", {"running": [BUSY[:2]]}, [CLICK, LOOK], "note.children", "busy", "idle"),
    ("RUN-7", {"running": [BUSY[:2]]}, [CLICK, *released()], "note.children", "idle", "busy"),
    ("RUN-8", RUNNING, [CLICK, *released(word="die")], "note.children", "over", "busy"),
    ("RUN-9", RUNNING, [CLICK, STOP, LOOK], "note.children", "over", "busy"),
    ("RUN-10", RUNNING, [CLICK, *released(word="decline")], "note.children", "over", "busy"),
    ("RUN-11", RUNNING, [CLICK, LosePoll(1), *released()], "note.children", "over", "busy"),
    ("RUN-12", RUNNING, [CLICK, CLICK, LOOK], "note.children", "busy", "over"),
    ("PROG-2", PROGRESS, [CLICK, *released()], "bar.value", "w1", "rest"),
    ("PROG-12", PROGRESS, [LOOK], "bar.value", "rest", None),
    ("PROG-13", PROGRESS, [CLICK, *released(), *released(word="w2")], "bar.value", "rest", "w1"),
    ("PROG-14", PROGRESS, [CLICK, *released(), STOP, LOOK], "bar.value", "rest", "w1"),
    ("PROG-16", {**PROGRESS, "progress_default": 0}, [CLICK, *released(), *released(word="w2")],
     "bar.value", 0, "w1"),
    ("PROG-17", {"progress": "bar.value", "job": HALFWAY}, [CLICK, *released(), *released(word="w2")],
     "bar.value", None, "w1"),
    ("UPDATE-1", {"job": SETTING}, [CLICK, *released()], "said.children", "w1", ""),
    ("UPDATE-5", {"job": SETTING}, [CLICK, Release(1, "w1"), *released(word="raise")],
     "said.children", "w1", ""),
    ("UPDATE-16", {"job": SETTING}, [CLICK, Release(1, "w1"), *released(word="none")],
     "said.children", "w1", ""),
    ("UPDATE-13", {"job": SETTING}, [CLICK, Release(1, "w1"), STOP, LOOK], "said.children", "", "w1"),
]  # fmt: skip


def after(acts: Sequence[Act], **options: Any) -> Model:
    """The model after these acts."""
    model = Model.opened(program(**options), "background")
    for act in acts:
        model = model.act(act)
    return model


@pytest.mark.parametrize(
    ("requirement", "options", "acts", "prop", "right", "wrong"),
    STORIES,
    ids=[story[0] for story in STORIES],
)
def test_what_a_requirement_demands_is_allowed_and_the_opposite_is_ascribed_to_it(
    requirement: str,
    options: dict[str, Any],
    acts: Sequence[Act],
    prop: str,
    right: Any,
    wrong: Any,
) -> None:
    model = after(acts, **options)
    assert model.verdict(1, prop, right) == ()
    assert model.verdict(1, prop, wrong)[0] == requirement


def test_each_rule_names_a_requirement_of_the_specification() -> None:
    assert rules.requirements() <= set(spec.load().requirements)


def test_an_act_leaves_the_model_as_it_was() -> None:
    model = after([CLICK])
    before = model.allowed(1)
    model.act(Release(1, "w1")).act(LOOK)
    assert model.allowed(1) == before
    assert [run.gate for run in model.gated()] == ["gate"]


def test_a_return_to_earlier_arguments_is_a_case_of_its_own() -> None:
    named = scenario(
        Field("name", "A"),
        Text("out", "before"),
        background(output="out.children", inputs="name.value", job=WORD),
    )
    model = Model.opened(named, "background")
    for entry in ("B", "C", "B"):
        model = model.act(Enter(1, "name.value", entry))
    model = model.act(Release(3, "w1")).act(LOOK)
    assert model.verdict(1, "out.children", "before")[0] == "RESULT-9"
    assert [run.arguments for run in model.runs.values()] == [{"name": part} for part in "BCB"]


@pytest.mark.parametrize(
    ("word", "requirement"), [("raise", "FAIL-1"), ("die", "RESULT-14"), ("w1", "")]
)
def test_a_failure_is_demanded_of_a_job_that_failed(word: str, requirement: str) -> None:
    failures = after([CLICK, *released(word=word)], job=ENDINGS).pages[1].failures
    assert [ids[0] for ids in failures] == ([requirement] if requirement else [])


def test_a_result_of_another_form_is_a_failure() -> None:
    model = after([CLICK, *released()], output=SEVERAL, job=wait_at("gate") >> give("alone"))
    assert model.pages[1].failures[0][0] == "SIGN-8"
    assert model.verdict(1, "out.children", "before") == ()


def test_what_is_left_to_the_implementation_is_allowed_either_way() -> None:
    model = after([CLICK, Release(1, "w1"), CLICK, LOOK])  # the first result waits for a poll
    for shown in ("before", "w1"):
        assert model.verdict(1, "out.children", shown) == ()
    assert model.verdict(1, "out.children", "w2")[0] == "RESULT-2"
    first = after([CLICK, LOOK], progress="bar.value", job=HALFWAY)
    assert first.verdict(1, "bar.value", "whatever was there") == ()


def test_a_cancel_before_the_first_answer_stops_the_job() -> None:
    model = after([HoldAnswers(1), CLICK, STOP, LOOK])
    [run] = model.runs.values()
    assert model.deciding(rules.STOPS, run)[0] == "CANCEL-7"
    assert not run.is_running


@pytest.mark.parametrize(
    ("prop", "requirement"),
    [("out.children", "ISO-1"), ("said.children", "UPDATE-6"), ("note.children", "ISO-6")],
)
def test_what_belongs_to_another_user_is_ascribed_to_isolation(prop: str, requirement: str) -> None:
    acts = [CLICK, OpenPage(), *([] if prop.startswith("note") else [Click(2, "run")]), Look(2)]
    model = after(acts, job=SETTING, running=[BUSY]).act(Release(1, "w1")).act(Look(2))
    seen = "busy" if prop.startswith("note") else "w1"
    assert model.verdict(2, prop, seen)[0] == requirement


def test_two_pages_of_one_user_may_share_what_they_like() -> None:
    model = after([CLICK, OpenPage(same_user=True), Click(2, "run"), *released(), Look(2)])
    assert model.forbidden(2, "out.children", "w1") == ""


def test_a_result_that_triggers_another_callback_starts_its_job() -> None:
    chained = scenario(
        Button("run"),
        Text("out"),
        Text("then"),
        background(output="out.children", inputs="run.n_clicks", job=WORD),
        background(output="then.children", inputs="out.children", job=WORD, name="second"),
    )
    model = Model.opened(chained, "background").act(CLICK).act(Release(1, "w1")).act(LOOK)
    assert [(run.callback.name, run.arguments) for run in model.runs.values()] == [
        ("job", {"n_clicks": 1}),
        ("second", {"out": "w1"}),
    ]


def test_whether_a_property_that_is_set_again_is_a_trigger_is_left_open() -> None:
    chained = scenario(
        Button("run"),
        Text("out"),
        Text("note", "idle"),
        Text("then"),
        background(output="out.children", inputs="run.n_clicks", running=[BUSY], job=WORD),
        background(output="then.children", inputs="note.children", job=WORD, name="second"),
    )
    model = Model.opened(chained, "background").act(CLICK)
    assert [run.callback.name for run in model.runs.values()] == ["job", "second"]
    with pytest.raises(NotModelled, match=r"note\.children changes when it is set again"):
        model.act(CLICK)


def test_instances_run_side_by_side() -> None:
    rows = scenario(
        *(Button(f"run[{number}]") for number in (1, 2)),
        *(Text(f"out[{number}]", "before") for number in (1, 2)),
        background(output="out[MATCH].children", inputs="run[MATCH].n_clicks", job=WORD),
    )
    model = Model.opened(rows, "background").act(Click(1, "run[1]")).act(Click(1, "run[2]"))
    model = model.act(Release(1, "w1")).act(LOOK)
    assert model.verdict(1, "out[1].children", "w1") == ()
    assert model.verdict(1, "out[1].children", "before")[0] == "PATTERN-5"
    assert model.verdict(1, "out[2].children", "w1")[0] == "PATTERN-5"


def test_an_ordinary_callback_answers_beside_a_job() -> None:
    parts = [Button("ask"), Text("answer"), ordinary(output="answer.children", inputs="ask.n_clicks", job=give("{n_clicks}"))]  # fmt: skip
    beside = scenario(*parts, Button("run"), Text("out"), background(output="out.children", inputs="run.n_clicks", job=WORD))  # fmt: skip
    model = Model.opened(beside, "background").act(CLICK).act(Click(1, "ask")).act(LOOK)
    assert model.verdict(1, "answer.children", "1") == ()
    assert model.verdict(1, "answer.children", "")[0] == "BG-3"


def test_a_trigger_with_the_key_of_a_stored_result_is_a_hit() -> None:
    named = scenario(
        Field("name", "A"),
        Text("out", "before"),
        Text("note", "idle"),
        background(output="out.children", inputs="name.value", running=[BUSY], job=ENDINGS),
        managers=(Manager("manager", cache_by=constant("version 1")),),
    )
    model = Model.opened(named, "background")
    for act in (
        Enter(1, "name.value", "B"),
        *released(),
        OpenPage(),
        Enter(2, "name.value", "B"),
        Look(2),
    ):
        model = model.act(act)
    assert [run.is_hit for run in model.runs.values()] == [False, True]
    assert model.verdict(2, "out.children", "w1") == ()
    assert model.forbidden(2, "out.children", "w1") == ""
    assert model.verdict(2, "out.children", "before")[0] == "CACHE-2"
    assert model.verdict(2, "note.children", "busy")[0] == "CACHE-18"
    with pytest.raises(NotModelled, match="left open"):  # two equal triggers at once
        model.act(Enter(1, "name.value", "C")).act(Enter(2, "name.value", "C"))


@pytest.mark.parametrize(
    ("word", "requirement"), [("raise", "CACHE-15"), ("decline", "CACHE-17"), ("", "CACHE-16")]
)
def test_a_run_without_result_leaves_no_entry(word: str, requirement: str) -> None:
    program_of_names = scenario(
        Field("name", "A"),
        Button("stop"),
        Text("out", "before"),
        background(output="out.children", inputs="name.value", cancel="stop.n_clicks", job=ENDINGS),
        managers=(Manager("manager", cache_by=constant("version 1")),),
    )
    model = Model.opened(program_of_names, "background").act(Enter(1, "name.value", "B"))
    model = model.act(Release(1, word)) if word else model.act(STOP)
    model = model.act(LOOK).act(Enter(1, "name.value", "A")).act(Enter(1, "name.value", "B"))
    assert not model.runs[3].is_hit
    assert model.deciding(rules.STARTS, model.runs[3])[0] == requirement


def test_what_the_model_does_not_know_is_said() -> None:
    with pytest.raises(NotModelled, match="Spin"):
        after([CLICK, Release(1, "w1")], job=wait_at("gate") >> spin())
    with pytest.raises(NotModelled, match="action of Taipy"):
        Model.opened(scenario(Button("run"), invoke(trigger="run", job=WORD)), "taipy")
