"""A sequence of acts on a drawn scenario, which can be played again; and what may come next in one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from callback_conformance.explore.features import Features, build, simpler
from callback_conformance.explore.player import CannotGoOn, Difference, Patience, Player
from callback_conformance.explore.taipy_features import (
    TaipyFeatures,
    build_taipy,
    simpler_taipy,
)
from callback_conformance.explore.taipy_player import TaipyPlayer
from callback_conformance.model import Model, NotModelled
from callback_conformance.model.acts import (
    Act,
    Click,
    Enter,
    HoldAnswers,
    Leave,
    LetTimePass,
    LoadByInventedHandle,
    LoadUnconnected,
    OpenPage,
    Overhear,
    PushAct,
    Release,
    Reload,
    StrangerEnters,
)
from callback_conformance.page import DidNotLoad
from callback_conformance.processes import AppEnded
from callback_conformance.scenario import BadScenario, Scenario
from callback_conformance.session.session import AppSession

PAGES = 2  # at most: two users show what more would
RUNNING = 3  # at most: each job is a process


AnyFeatures: TypeAlias = Features | TaipyFeatures


def built(features: AnyFeatures) -> Scenario:
    """The scenario that has these features."""
    return build_taipy(features) if isinstance(features, TaipyFeatures) else build(features)


def plainer(features: AnyFeatures) -> Sequence[AnyFeatures]:
    """The same scenario with one feature less, in each way."""
    return simpler_taipy(features) if isinstance(features, TaipyFeatures) else simpler(features)


@dataclass(frozen=True)
class Plan:
    """What was done, so that it can be done again."""

    features: AnyFeatures
    acts: tuple[Act, ...] = ()


@dataclass(frozen=True)
class Stage:
    """What a sequence is played on."""

    new_session: Callable[[], AppSession]
    #: Whether a requirement binds the cell.
    is_binding: Callable[[str], bool]
    patience: Patience

    def open(self, session: AppSession, features: AnyFeatures) -> Player:
        """Start a program. Raises AppEnded or DidNotLoad if it does not run, CannotGoOn if a job is missing."""
        kind = TaipyPlayer if isinstance(features, TaipyFeatures) else Player
        return kind(session, built(features), self.is_binding, self.patience)

    def play(
        self, plan: Plan, shown_in: AppSession | None = None
    ) -> tuple[Plan, tuple[Difference, ...]]:
        """Play a plan: what was played of it, without acts that are not possible any more, and what differed. With
        ``shown_in``, which stays open, it is played there."""
        session = shown_in or self.new_session()
        player = None
        try:
            player = self.open(session, plan.features)
            for act in plan.acts:
                if is_possible(player.model, act):
                    player.play(act)
        except (CannotGoOn, NotModelled):
            pass
        except BadScenario:
            return plan, ()  # what is left of it cannot be said in the dialect
        except (AppEnded, DidNotLoad) as error:
            return plan, (does_not_run(plan.features, error),)
        finally:
            if shown_in is None:
                session.close()
        if player is None:
            return plan, ()
        return replace(plan, acts=tuple(player.acts)), tuple(player.differences)


def does_not_run(features: AnyFeatures, error: Exception) -> Difference:
    """The program of a scenario is not accepted: by what it has, the requirement that says it must be."""
    kinds = {getattr(callback, "progress", "") for callback in features.callbacks}
    named, listed = "named" in kinds, "list" in kinds
    ids = ("PROG-5",) if named else ("PROG-3",) if listed else ("RESULT-1",)
    text = str(error).strip().splitlines()
    return Difference(ids, "that it runs", f"the program ended: {text[-1] if text else error!r}")


def accepts(refused: Collection[AnyFeatures], features: AnyFeatures) -> bool:
    """False for a scenario whose program will be refused for what others were refused for."""
    drawn = (*refused, features)
    kinds = [{getattr(c, "progress", "") for c in scenario.callbacks} for scenario in drawn]
    return "named" not in kinds[-1] or all("named" not in kind for kind in kinds[:-1])


def is_possible(model: Model, act: Act) -> bool:
    """Whether this can be done now."""
    if isinstance(act, OpenPage):
        return len(model.pages) < PAGES
    if isinstance(act, Release):
        return act.run in {run.number for run in model.gated()}
    if isinstance(act, PushAct):
        return is_possible_push(model, act)
    if isinstance(act, Reload) and act.page in getattr(model, "left", ()):
        return len(model.pages) < PAGES
    if act.page not in model.pages:
        return False
    if isinstance(act, Click):
        return act.button in clickable(model, act.page)
    if isinstance(act, Enter):
        held = model.pages[act.page].shows.get(act.prop)
        return held is not None and held.values != (act.entry,)
    if isinstance(act, HoldAnswers):
        return not model.pages[act.page].holds_answers
    return True


def is_possible_push(model: Any, act: PushAct) -> bool:
    """Whether this can be done now to a program that pushes."""
    calls_for_each = any(action.initial for action in model.scenario.callbacks)
    match act:
        case LetTimePass():
            return True
        case LoadUnconnected():
            return calls_for_each
        case Leave(page):
            return page in model.pages and len(model.pages) > 1  # somebody has to look
        case LoadByInventedHandle(page):
            return page in model.pages and calls_for_each
        case Overhear(page):
            return page in model.pages and not (calls_for_each or model.pages[page].is_overheard)
        case StrangerEnters(page, prop, _):
            shown = model.pages.get(page)
            return shown is not None and shown.is_overheard and prop in shown.shows


def clickable(model: Model, page: int) -> list[str]:
    """The buttons of a page that are certainly not disabled."""
    shows = model.pages[page].shows
    buttons = [part.id for part in model.scenario.components if part.kind == "button"]
    free = []
    for button in buttons:
        disabled = shows.get(f"{button}.disabled")
        if disabled is None or (disabled.values is not None and not any(disabled.values)):
            free.append(button)
    return free
