"""Drawn sequences beside the model: what is listed as known and as new, how it is made shorter, how it is printed."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import Phase, given, seed, settings

from callback_conformance import adapters
from callback_conformance.cli.main import main
from callback_conformance.explore.drawing import Offer, features
from callback_conformance.explore.features import CallbackFeatures, Features
from callback_conformance.explore.findings import Finding, Findings, reduced
from callback_conformance.explore.plan import Plan, Stage, built, is_possible, plainer
from callback_conformance.explore.player import Difference, Patience
from callback_conformance.explore.source import as_test
from callback_conformance.explore.taipy_features import TaipyFeatures, taipy_features
from callback_conformance.model import Model
from callback_conformance.model.acts import Act, Click, Enter, Look, OpenPage, Release
from callback_conformance.session.session import AppSession
from callback_conformance.spec.specification import DIALECTS

RUN, LOOK = Click(1, "run"), Look(1)
NOTED = Features((CallbackFeatures(running="note", cancel="button", endings=("raise", "die")),))


def differing(requirement: str = "RUN-2", step: int = 1) -> Difference:
    """A difference after so many acts."""
    return Difference((requirement,), "'over'", "note.children is 'busy'", step=step)


class ScriptedStage(Stage):
    """A stage on which a plan differs if its callback has ``running`` and its button is clicked."""

    def __init__(self) -> None:
        super().__init__(lambda: pytest.fail("no app is needed"), lambda id: True, Patience())

    def play(
        self, plan: Plan, shown_in: AppSession | None = None
    ) -> tuple[Plan, tuple[Difference, ...]]:
        shows = plan.features.callbacks[0].running and RUN in plan.acts
        return plan, ((differing(step=plan.acts.index(RUN) + 1),) if shows else ())


def test_a_difference_is_reduced_to_the_acts_and_features_that_it_needs() -> None:
    plan = Plan(NOTED, (LOOK, LOOK, RUN, Release(1, "w1"), LOOK))
    finding = reduced(ScriptedStage(), Finding(plan, differing()), seconds=10)
    assert finding.plan == Plan(Features((CallbackFeatures(running="note"),)), (RUN,))


def test_a_reduction_ends_with_its_time() -> None:
    finding = Finding(Plan(NOTED, (LOOK, RUN)), differing())
    assert reduced(ScriptedStage(), finding, seconds=-1) is finding


def test_the_shortest_plan_of_each_requirement_is_kept_and_known_ones_stand_apart() -> None:
    findings = Findings({"RUN-2": {"a-deviation"}})
    findings.add(Plan(NOTED, (LOOK, LOOK, RUN)), [differing("RUN-1", 3), differing("RUN-2", 3)])
    findings.add(Plan(NOTED, (LOOK, RUN, LOOK)), [differing("RUN-1", 2)])
    assert (findings.sequences, findings.differences) == (2, 3)
    assert [finding.difference.requirement for finding in findings.known_findings] == ["RUN-2"]
    [new] = findings.new
    assert (new.plan.acts, new.beside) == ((LOOK, RUN), frozenset())
    assert findings.known_findings[0].beside == {"RUN-1"}


def test_a_first_violation_is_awaited_in_full_and_a_known_one_is_not() -> None:
    patience = Patience({"RUN-2"})
    assert patience.seconds("RUN-2") < 1 < patience.seconds("RUN-1")


def test_an_act_on_what_a_plainer_scenario_does_not_have_is_left_out() -> None:
    model = Model.opened(built(Features()), "background")
    for act in (Enter(1, "order.value", "x"), Click(1, "stop"), Release(1, "w1"), Look(2)):
        assert not is_possible(model, act)
    assert is_possible(model, RUN)


def test_a_plan_is_printed_as_a_test_of_the_suite() -> None:
    acts: Sequence[Act] = (RUN, Release(1, "w1"), LOOK)
    source = as_test(Plan(NOTED, tuple(acts)), differing(), "background")
    ast.parse(source)
    for line in (
        '@covers("RUN-2")',
        'Button("run"),',
        'running=[("note.children", "busy", "over")]',
        'wait_at("gate") >> if_word("raise", raise_error("the disk is full")) >> if_word("die", die())',
        'page.click("run")',
        "job_1 = page.next_job().wait_for_rest()",
        'job_1.release_if_alive("gate", "w1").wait_for_rest()',
        "page.network.poll()",
        "# note.children is 'busy'; expected 'over'",
    ):
        assert line in source


def test_a_hit_is_printed_without_a_job() -> None:
    acts: Sequence[Act] = (RUN, Release(1, "w1"), LOOK, OpenPage(), Click(2, RUN.button))
    source = as_test(Plan(Features(cached=True), tuple(acts)), differing(), "background")
    assert 'page_2.click("run")' in source
    assert source.count("next_job()") == 1


@pytest.mark.parametrize("dialect", DIALECTS)
def test_each_drawn_scenario_is_a_program_and_so_is_each_plainer_one(dialect: str) -> None:
    is_taipy = dialect == "taipy"
    adapter = adapters.find("taipy_style" if is_taipy else "dash_style")
    strategy: Any = taipy_features() if is_taipy else features(Offer(dialect))

    @seed(1)
    @settings(max_examples=15, phases=(Phase.generate,), deadline=None, database=None)
    @given(strategy)
    def is_a_program(drawn: Features) -> None:
        ast.parse(adapter.render(built(drawn), dialect, "diskcache"))
        ast.parse(as_test(Plan(drawn, (LOOK,)), differing(), dialect))
        for simple in plainer(drawn):
            built(simple)

    is_a_program()


def test_a_plan_of_taipy_is_printed_as_a_test_of_the_suite() -> None:
    source = as_test(Plan(TaipyFeatures(), (RUN,)), differing("STATUS-1"), "taipy")
    ast.parse(source)
    for words in (
        'invoke(trigger="run", job=wait_at("gate") >> give(arg("word")), name="job", status=status("state", "status", "result"',
        'assign("out.children", arg("result"), SUCCESS)',
        'notify("error", "failed", FAILURE)',
        'does=[announce("called"),',
    ):
        assert words in source


def test_the_command_says_what_it_cannot_do() -> None:
    for words, text in (
        (["--impl=taipy_style", "--dialect=labs"], "has no dialect 'labs'; choose from taipy"),
        (["--impl=no_such"], "no_such"),
        ([], "--impl"),
        (["--impl=dash_style", "--sequences=0"], "--sequences"),
    ):
        done = CliRunner().invoke(main, ["explore", *words])
        assert done.exit_code == 2
        assert text in done.output
