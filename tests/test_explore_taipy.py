"""Programs of Taipy's dialect beside the model: what is played on them, and what is noticed.

A program is changed after it was written, so that it does otherwise than its scenario says.
"""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import pytest

from callback_conformance import adapters
from callback_conformance.backends import Backend
from callback_conformance.control.timeline import Timeline
from callback_conformance.explore.plan import Plan, Stage, built, is_possible
from callback_conformance.explore.player import Difference, Patience
from callback_conformance.explore.source import as_test
from callback_conformance.explore.status_calls import calls
from callback_conformance.explore.taipy_features import ActionFeatures, TaipyFeatures, build_taipy
from callback_conformance.model.acts import (
    Act,
    Click,
    Enter,
    Leave,
    LetTimePass,
    LoadByInventedHandle,
    LoadUnconnected,
    Look,
    OpenPage,
    Overhear,
    Release,
    Reload,
    StrangerEnters,
)
from callback_conformance.model.taipy import TaipyModel
from callback_conformance.processes import WarmProcess
from callback_conformance.session.session import AppSession

RUN, LOOK = Click(1, "run"), Look(1)
NEWS = TaipyFeatures((ActionFeatures(period=True, slow=True, arguments="field"),))
INITIAL = TaipyFeatures((ActionFeatures(initial=True),))

NOTHING: Mapping[str, str] = MappingProxyType({})
Play = Callable[..., tuple[Difference, ...]]


@pytest.fixture
def play(warm: WarmProcess) -> Iterator[Play]:
    """Plays acts on ``taipy_style`` with a program in which texts are replaced; what differed. What is
    known to be ``violated`` is awaited for a moment only."""
    adapter = adapters.find("taipy_style")
    sessions: list[AppSession] = []

    def played(
        features: TaipyFeatures,
        acts: Sequence[Act],
        texts: Mapping[str, str] = NOTHING,
        violated: str = "",
    ) -> tuple[Difference, ...]:
        def render(*scenario: Any) -> str:
            source = adapter.render(*scenario)
            for before, after in texts.items():
                assert before in source
                source = source.replace(before, after)
            return source

        changed = dataclasses.replace(adapter, render=render)
        sessions.append(AppSession(changed, "taipy", Backend("thread"), "wire", warm))
        stage = Stage(lambda: sessions[-1], lambda id: True, Patience({violated}))
        plan, differences = stage.play(Plan(features, tuple(acts)), shown_in=sessions[-1])
        assert differences or plan.acts == tuple(acts), "some acts were not possible"
        return differences

    yield played
    for session in sessions:
        session.close()


def required(differences: Sequence[Difference]) -> list[str]:
    """The requirements that were violated."""
    return [difference.requirement for difference in differences]


def test_what_is_done_to_a_page_to_which_its_server_pushes_is_done(play: Play) -> None:
    acts = (
        Enter(1, "name.value", "Bea"), OpenPage(), Overhear(1), StrangerEnters(1, "name.value", "Zoe"), RUN,
        LetTimePass(), Release(1, "w1", slowly=True), LOOK, Click(2, "run"), Leave(2), Release(2, "w2"), Reload(2),
        Look(2), LOOK,
    )  # fmt: skip
    assert play(NEWS, acts) == ()


def test_what_is_done_before_a_page_is_connected_is_done(play: Play) -> None:
    acts = (LoadUnconnected(), LoadByInventedHandle(1), Release(2, "w1"), Release(1, "w2"), LOOK)
    assert play(INITIAL, acts) == ()


UNTOLD = 'notify(state, "info", "still running")'
#: What is replaced in the program, what is done, and the requirement that is then violated.
NOTICED: dict[str, tuple[dict[str, str], tuple[Act, ...], str]] = {
    "no period": ({", 500)": ")"}, (RUN, LetTimePass()), "PERIOD-1"),
    "no notification": ({UNTOLD: "pass"}, (RUN, LetTimePass()), "PERIOD-6"),
    "no assignment": ({'state.news = "running"': "pass"}, (RUN, LetTimePass()), "PERIOD-10"),
    "late news": (
        {'probe.gate("slow")': 'probe.emit("status", status=3); probe.emit("called")'},
        (RUN, Release(1, "w1"), LOOK),
        "PERIOD-3",
    ),
    "called twice": (
        {'probe.gate("slow")': 'probe.emit("status", status=True); probe.emit("called")'},
        (RUN, Release(1, "w1"), LOOK),
        "STATUS-32",
    ),
    "called too early": (
        {"def on_action(state):": 'def on_action(state):\n    probe.emit("called")'},
        (RUN, LOOK),
        "STATUS-4",
    ),
}


@pytest.mark.parametrize(("texts", "acts", "requirement"), NOTICED.values(), ids=NOTICED)
def test_what_a_status_function_does_otherwise_is_noticed(
    play: Play, texts: Any, acts: tuple[Act, ...], requirement: str
) -> None:
    assert required(play(NEWS, acts, texts, requirement)) == [requirement]


def test_each_call_is_put_together_from_its_own_thread() -> None:
    timeline = Timeline()
    for thread, what, facts in (
        (1, "status", {"status": 0}), (2, "status", {"status": True}), (1, "called", {}), (2, "called", {}),
    ):  # fmt: skip
        timeline.add("server-1", what, float(thread), thread=thread, **facts)
    heard = calls(timeline, built(NEWS).callbacks)
    assert [(call.received["status"], call.is_of_running_job) for call in heard] == [
        (0, True),
        (True, False),
    ]


def test_an_act_on_a_page_to_which_its_server_pushes_is_possible_where_it_makes_sense() -> None:
    plain, initial = (TaipyModel.opened(build_taipy(features)) for features in (NEWS, INITIAL))
    for act in (
        LoadUnconnected(),
        LoadByInventedHandle(1),
        Leave(1),
        StrangerEnters(1, "name.value", ""),
    ):
        assert not is_possible(plain, act)
    assert is_possible(initial, LoadUnconnected())
    assert is_possible(initial, LoadByInventedHandle(1))
    assert not is_possible(initial, Overhear(1))
    overheard = plain.act(Overhear(1))
    assert is_possible(overheard, StrangerEnters(1, "name.value", ""))
    assert not is_possible(overheard, Overhear(1))
    away = plain.act(OpenPage()).act(Leave(1))
    assert is_possible(away, Reload(1))
    assert not is_possible(away, Leave(2))


def test_each_act_on_such_a_page_is_printed() -> None:
    acts = (
        OpenPage(), Overhear(1), StrangerEnters(1, "name.value", "Zoe"), RUN, LetTimePass(), Release(1, "w1", True),
        Leave(2), Reload(2),
    )  # fmt: skip
    source = as_test(Plan(NEWS, acts), Difference(("PERIOD-3",), "", ""), "taipy")
    ast.parse(source)
    for words in (
        "stranger_1 = page.stranger()", 'stranger_1.page.set("name.value", \'Zoe\')', "page.go_on_for(seconds=1.5)",
        "page_2.close()", "page_2.reload()", "period_ms=500", 'wait_at("slow")',
    ):  # fmt: skip
        assert words in source
    source = as_test(Plan(INITIAL, (LoadUnconnected(),)), Difference(("ISO-7",), "", ""), "taipy")
    assert "page.network.load_unconnected()" in source
    assert "initial=True" in source
