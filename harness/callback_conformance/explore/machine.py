"""Hypothesis draws a scenario and what is done to it, step by step, as the model says what is possible."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from callback_conformance.explore.drawing import Offer, features
from callback_conformance.explore.features import Features
from callback_conformance.explore.plan import (
    RUNNING,
    AnyFeatures,
    Plan,
    Stage,
    accepts,
    clickable,
    does_not_run,
    is_possible,
)
from callback_conformance.explore.player import CannotGoOn, Difference, Player
from callback_conformance.explore.taipy_features import taipy_features
from callback_conformance.model import NotModelled
from callback_conformance.model.acts import (
    Act,
    Click,
    Enter,
    HoldAnswers,
    Leave,
    LetTimePass,
    LoadByInventedHandle,
    LoadUnconnected,
    Look,
    LosePoll,
    OpenPage,
    Overhear,
    Release,
    Reload,
    StrangerEnters,
)
from callback_conformance.page import DidNotLoad
from callback_conformance.processes import AppEnded
from callback_conformance.scenario import leaves
from callback_conformance.session.session import AppSession

STEPS = 14  # of one sequence; more show little that is new
DISTURBANCES = 3
#: What disturbs a page to which its server pushes, beside what disturbs each.
PUSH_ACTS = ("leave", "come back", "unconnected")
OVERHEARING_ACTS = ("overhear", "stranger", "invent")
ENTRIES = ("", "Bea", "Cem")

#: Takes what was played and how it differed from the model.
Report = Callable[[Plan, tuple[Difference, ...]], None]


class Sequence(RuleBasedStateMachine):
    """One scenario and what is done to it. Subclasses say on what stage."""

    stage: Stage
    offer: Offer
    report: Report
    #: Scenarios whose programs do not run.
    refused: list[AnyFeatures]

    def __init__(self) -> None:
        super().__init__()
        self.session: AppSession | None = None
        self.player: Player | None = None
        self.features: AnyFeatures = Features()
        self.words = 0
        self.disturbances = 0
        self.has_waited = False
        self.differences: tuple[Difference, ...] = ()

    @initialize(data=st.data())
    def open(self, data: Any) -> None:
        """Draw a scenario and start its program."""
        is_taipy = self.offer.dialect == "taipy"
        self.features = data.draw(
            taipy_features(self.offer.waits) if is_taipy else features(self.offer)
        )
        if not accepts(self.refused, self.features):
            self.features = Features()
        self.session = self.stage.new_session()
        try:
            self.player = self.stage.open(self.session, self.features)
        except (AppEnded, DidNotLoad) as error:
            self.differences = (does_not_run(self.features, error),)
            self.refused.append(self.features)
        except CannotGoOn:
            pass

    # Each rule is possible where its precondition holds, so that few steps are spent on nothing.

    def can_trigger(self) -> bool:
        """Whether another job may run."""
        return self._running() < RUNNING and bool(self._buttons(is_trigger=True))

    def can_cancel(self) -> bool:
        """Whether a job runs that can be cancelled."""
        runs = self.player.model.runs.values() if self.player else ()
        return any(run.is_running and getattr(run.callback, "cancel", ()) for run in runs)

    def has_gate(self) -> bool:
        """Whether a job waits."""
        return self.player is not None and bool(self.player.model.gated())

    def may_disturb(self) -> bool:
        """Whether there was little of it so far."""
        return self.disturbances < DISTURBANCES

    @precondition(can_trigger)
    @rule(data=st.data())
    def trigger(self, data: Any) -> None:
        """A user clicks."""
        self._act(Click(*data.draw(st.sampled_from(self._buttons(is_trigger=True)))))

    @precondition(has_gate)
    @rule(data=st.data())
    def release(self, data: Any) -> None:
        """A job goes on."""
        run = data.draw(st.sampled_from(self._model().gated()))
        words = [step.word for step in run.rest if hasattr(step, "word")]
        self.words += 1
        word = data.draw(st.sampled_from(["", "", *words])) or f"w{self.words:03}"
        is_held = getattr(run, "status_gate", "") != ""
        slowly = is_held and self.offer.waits and data.draw(st.booleans())
        self._act(Release(run.number, word, slowly))

    def may_wait(self) -> bool:
        """Whether a job runs that reports from time to time, and nobody has waited for that."""
        if self.has_waited or not self.offer.waits:
            return False
        runs = self.player.model.runs.values() if self.player else ()
        return any(run.is_running and getattr(run.callback, "period_ms", None) for run in runs)

    @precondition(may_wait)
    @rule()
    def let_time_pass(self) -> None:
        """Nobody does anything for a while, which takes long."""
        self.has_waited = True
        self._act(LetTimePass())

    @rule(data=st.data())
    def look(self, data: Any) -> None:
        """A user looks."""
        if self.player:
            self._act(Look(self._page(data)))

    @precondition(can_cancel)
    @rule(data=st.data())
    def cancel(self, data: Any) -> None:
        """A user changes a cancel input."""
        runs = [
            run for run in self._model().runs.values() if run.is_running and run.callback.cancel
        ]
        run = data.draw(st.sampled_from(runs))
        prop = next(leaves(run.callback.cancel))
        component, _, name = prop.partition(".")
        clicks = name == "n_clicks"
        entries = st.sampled_from(ENTRIES)
        self._act(
            Click(run.page, component) if clicks else Enter(run.page, prop, data.draw(entries))
        )

    @precondition(may_disturb)
    @rule(
        data=st.data(),
        kind=st.sampled_from(
            ["hold", "hold", "lose", "refuse", "reload", "open", "tab", "press", "enter"]
        ),
    )
    def disturb(self, data: Any, kind: str) -> None:
        """The network, the browser, another user, or an act that triggers no job."""
        if self.player is None:
            return
        self.disturbances += 1
        page = self._page(data)
        if self.offer.dialect == "taipy":
            kinds = [
                "open",
                "enter",
                *PUSH_ACTS,
                *(OVERHEARING_ACTS if self.offer.overhears else ()),
            ]
            kind = data.draw(st.sampled_from(kinds))
            if kind not in ("open", "enter"):
                self._act(self._push_act(data, kind, page))
                return
        acts: dict[str, Act] = {
            "hold": HoldAnswers(page),
            "lose": LosePoll(page),
            "refuse": LosePoll(page, refused=True),
            "reload": Reload(page),
            "open": OpenPage(),
            "tab": OpenPage(same_user=True),
        }
        fields = self._fields()
        if kind in acts:
            self._act(acts[kind])
        elif kind == "press" and (buttons := self._buttons(is_trigger=False)):
            self._act(Click(*data.draw(st.sampled_from(buttons))))
        elif fields:
            entry = data.draw(st.sampled_from(ENTRIES))
            self._act(Enter(page, f"{data.draw(st.sampled_from(fields))}.value", entry))

    def _push_act(self, data: Any, kind: str, page: int) -> Act:
        acts: dict[str, Act] = {
            "leave": Leave(page),
            "come back": Reload(data.draw(st.sampled_from([*self._model().left, page]))),
            "unconnected": LoadUnconnected(),
            "overhear": Overhear(page),
            "invent": LoadByInventedHandle(page),
        }
        if kind != "stranger":
            return acts[kind]
        fields = self._fields() or [""]
        return StrangerEnters(page, f"{data.draw(st.sampled_from(fields))}.value", "Zoe")

    def _fields(self) -> list[str]:
        return [part.id for part in self._model().scenario.components if part.kind == "field"]

    def teardown(self) -> None:
        """Each user looks once more; then all is closed, and what differed is reported."""
        try:
            for page in list(self._model().pages) if self.player else ():
                self._act(Look(page))
        finally:
            if self.session:
                self.session.close()
        player = self.player or self.over
        acts = tuple(player.acts) if player else ()
        differences = self.differences or (tuple(player.differences) if player else ())
        type(self).report(Plan(self.features, acts), differences)

    over: Player | None = None

    def _model(self) -> Any:
        assert self.player is not None
        return self.player.model

    def _running(self) -> int:
        runs = self.player.model.runs.values() if self.player else ()
        return sum(run.is_running for run in runs)

    def _buttons(self, is_trigger: bool) -> list[tuple[int, str]]:
        """The buttons that can be clicked, each with its page: those that start a job, or the others."""
        if self.player is None:
            return []
        model = self.player.model
        return [
            (page, button)
            for page in model.pages
            for button in clickable(model, page)
            if button.startswith(("stop", "ask")) != is_trigger
        ]

    def _page(self, data: Any) -> int:
        page: int = data.draw(st.sampled_from(sorted(self._model().pages)))
        return page

    def _act(self, act: Act) -> None:
        """Do this, if it is possible; look after it where one callback depends on another."""
        player = self.player
        if player is None or not is_possible(player.model, act):
            return
        page = player.model.runs[act.run].page if isinstance(act, Release) else None
        try:
            with contextlib.suppress(NotModelled):
                player.play(act)
                if self.features.chain and not isinstance(act, Look | OpenPage):
                    player.play(Look(page or act.page))  # type: ignore[union-attr]
        except CannotGoOn:
            self.over, self.player = player, None


def draw_sequences(
    stage: Stage, offer: Offer, report: Report, count: int, seed_number: int
) -> None:
    """Play so many sequences; ``report`` takes each that was played."""

    settled = {"stage": stage, "offer": offer, "report": staticmethod(report), "refused": []}
    drawn = type("Drawn", (Sequence,), settled)
    chosen = settings(
        max_examples=count,
        stateful_step_count=STEPS,
        phases=(Phase.generate,),
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(seed(seed_number)(drawn), settings=chosen)
