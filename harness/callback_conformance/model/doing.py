"""How what is done changes a program and its pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from callback_conformance.model import effects, rules
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
from callback_conformance.model.allowed import Allowed, exactly
from callback_conformance.model.effects import NOTHING, Changes
from callback_conformance.model.facts import facts, has_key_of
from callback_conformance.model.jobs import End, NotModelled, filled, stretch
from callback_conformance.model.properties import (
    Instance,
    concrete,
    instances,
    is_several,
    spread,
)
from callback_conformance.model.rules import Fact, chosen
from callback_conformance.model.runs import Run
from callback_conformance.scenario import (
    Background,
    Grouping,
    Ordinary,
    Scenario,
    Step,
    leaves,
    parameters,
)


@dataclass(frozen=True)
class PageState:
    """One open page."""

    number: int
    user: int
    #: What each property may be.
    shows: Mapping[str, Allowed]
    #: Whether answers to it are on their way.
    holds_answers: bool = False
    #: Whether its next poll will be lost.
    loses_poll: bool = False
    #: For each failure that its user must have seen at the last look, the requirements that say so.
    failures: tuple[tuple[str, ...], ...] = ()


def declared(scenario: Scenario) -> list[Background | Ordinary]:
    """The callbacks; those that the same lines of source declare stand one by one. Raises NotModelled."""
    callbacks: list[Background | Ordinary] = []
    for callback in scenario.callbacks:
        if not isinstance(callback, Background | Ordinary):
            raise NotModelled(f"{callback.name} is an action of Taipy")
        callbacks.append(callback)
        if isinstance(callback, Background):
            callbacks[-1] = replace(callback, duplicates=())
            callbacks += [
                replace(callback, output=output, inputs=trigger, duplicates=())
                for output, trigger in callback.duplicates
            ]
    return callbacks


@dataclass
class Doing:
    """A program while something is done to it: what is written here is not shared."""

    scenario: Scenario
    dialect: str
    pages: dict[int, PageState]
    runs: dict[int, Run]
    callbacks: list[Background | Ordinary] = field(init=False)

    def __post_init__(self) -> None:
        self.callbacks = declared(self.scenario)

    def do(self, act: Act) -> None:
        """Do this. Raises NotModelled."""
        match act:
            case OpenPage(same_user):
                user = 1 if same_user or not self.pages else len(self.pages) + 1
                self._load(len(self.pages) + 1, user)
            case Click(page, button):
                clicks = self._shown(page, f"{button}.n_clicks") or 0
                self._change(page, {f"{button}.n_clicks": exactly(clicks + 1)})  # type: ignore[operator]
            case Enter(page, prop, entry):
                self._change(page, {prop: exactly(entry)})
            case Release(number, word):
                self._release(self.runs[number], word)
            case HoldAnswers(page):
                self._set_page(page, holds_answers=True)
            case LosePoll(page):
                self._set_page(page, loses_poll=True)
            case Reload(page):
                for run in self._runs_of(page):
                    self._set(run, abandoned=True)
                    self._drop(run)
                self._load(page, self.pages[page].user)
            case Look(page):
                self._look(page)
            case _:
                raise NotModelled(f"only a page to which its server pushes knows the act {act}")

    # Pages.

    def _load(self, page: int, user: int) -> None:
        shows = self._layout()
        for callback in self.callbacks:
            if isinstance(callback, Background):
                shows |= effects.progress_at_first(callback, self.scenario)
        self.pages[page] = PageState(page, user, shows)
        for callback in self.callbacks:
            if callback.initial:
                self._call(page, callback, None, initial=True)

    def _layout(self) -> dict[str, Allowed]:
        return {
            prop: exactly(filled(first, {}), *effects.at_first(prop, self.callbacks, self.scenario))
            for part in self.scenario.components
            for name, first in part.props.items()
            for prop in [f"{part.id}.{name}"]
        }

    def _shown(self, page: int, prop: str) -> object:
        """What a property holds. Raises NotModelled if that is not certain."""
        allowed = self.pages[page].shows.get(prop, NOTHING)
        if allowed.values is None or len(allowed.values) != 1:
            raise NotModelled(f"nobody knows what {prop} holds")
        return allowed.values[0]

    def _set_page(self, page: int, **changes: Any) -> None:
        self.pages[page] = replace(self.pages[page], **changes)

    def _set(self, run: Run, **changes: Any) -> Run:
        self.runs[run.number] = changed = replace(self.runs[run.number], **changes)
        return changed

    def _drop(self, run: Run) -> None:
        """What the page has not polled for never reaches it."""
        run = self.runs[run.number]
        self._set(run, reports=(), updates=(), fresh=(), dropped=(*run.dropped, *run.fresh))

    def _runs_of(self, page: int) -> list[Run]:
        return [run for run in self.runs.values() if run.page == page and not run.abandoned]

    def _facts(self, run: Run) -> frozenset[Fact]:
        return facts(self.runs[run.number], self.runs, self.dialect)

    # What changes on a page, and what that triggers.

    def _change(
        self,
        page: int,
        changes: Mapping[str, Allowed],
        by: Background | Ordinary | None = None,
    ) -> None:
        shows = self.pages[page].shows
        self._set_page(page, shows={**shows, **changes})
        props = [
            prop
            for prop, allowed in changes.items()
            if allowed.values != shows.get(prop, NOTHING).values
        ]
        for run in self._runs_of(page):
            cancels = (
                concrete(prop, self.scenario, run.instance) for prop in leaves(run.callback.cancel)
            )
            if any(prop in props for places in cancels for prop in places):
                self._cancel(run)
        for callback in self.callbacks:
            triggered = (
                instance for prop in props for instance in instances(callback, prop, self.scenario)
            )
            for instance in dict.fromkeys(triggered) if callback is not by else ():
                self._call(page, callback, instance)

    def _call(
        self,
        page: int,
        callback: Background | Ordinary,
        instance: Instance,
        initial: bool = False,
    ) -> None:
        arguments = {
            name: self._argument(page, part, instance)
            for name, part in parameters(callback).items()
        }
        if isinstance(callback, Background):
            self._start(page, callback, instance, arguments, initial)
            return
        answer = stretch(callback.job.steps, arguments)
        if answer.end == End.RESULT:
            parts = spread(callback.output, answer.result, self.scenario, instance)
            ids = chosen(rules.ORDINARY, ())
            self._change(page, {prop: exactly(part, *ids) for prop, part in parts}, by=callback)

    def _argument(self, page: int, part: Grouping, instance: Instance) -> object:
        if isinstance(part, str):
            places = concrete(part, self.scenario, instance)
            held = [self._shown(page, prop) for prop in places]
            return held if is_several(part) else held[0]
        if isinstance(part, Mapping):
            return {key: self._argument(page, inner, instance) for key, inner in part.items()}
        if isinstance(part, list | tuple):
            return [self._argument(page, inner, instance) for inner in part]
        raise NotModelled(f"the model does not know the argument {part!r}")

    def _start(
        self,
        page: int,
        callback: Background,
        instance: Instance,
        arguments: Mapping[str, object],
        initial: bool,
    ) -> None:
        number, early = len(self.runs) + 1, self.pages[page].holds_answers
        beside = frozenset(run.number for run in self.runs.values() if run.is_running)
        run = Run(number, callback, instance, page, self.pages[page].user, arguments, initial)
        run = replace(run, is_cached=any(manager.cache_by for manager in self.scenario.managers))
        previous = [other for other in self._runs_of(page) if other.slot == run.slot]
        for other in previous:
            if other.is_running:
                self._set(other, replaced=True, before_answer=early)
                self._drop(other)
            elif other.awaits_look and other.end != End.CANCELLED:
                self._set(other, is_free=True)
        for other in (self.runs[number] for number in beside):
            self._set(other, beside=other.beside | {number})
        latest = previous[-1].number if previous else 0
        self.runs[number] = run = replace(run, previous=latest, beside=beside, before_answer=early)
        on_values = effects.at_trigger(run, self._facts(run), self.scenario)
        self._check_changes(page, on_values)
        self._change(page, on_values, by=callback)
        if run.is_cached and (entry := self._entry(run)):
            self._set(run, is_hit=True, end=End.RESULT, result=entry.result)
        else:
            self._go_on(self.runs[number], callback.job.steps, arguments)

    def _check_changes(self, page: int, changes: Changes) -> None:
        """Raise NotModelled if an input is set to what it holds: whether that is a change is left open."""
        shows = self.pages[page].shows
        for prop, allowed in changes.items():
            is_input = any(instances(callback, prop, self.scenario) for callback in self.callbacks)
            if is_input and shows.get(prop, NOTHING).values == allowed.values:
                raise NotModelled(f"whether {prop} changes when it is set again is left open")

    def _entry(self, run: Run) -> Run | None:
        """The run whose stored result has the key of a new one. Raises NotModelled if it is left open whether there is
        such a result."""
        earlier = [
            other
            for other in self.runs.values()
            if other.number < run.number and has_key_of(other, run)
        ]
        returned = [other for other in earlier if other.end == End.RESULT and not other.is_hit]
        stored = (other for other in returned if other.is_over and not other.is_free)
        if entry := next(stored, None):
            return entry
        if returned or any(other.end is None for other in earlier):
            raise NotModelled("whether a result with this key is stored is left open")
        return None

    # Jobs.

    def _release(self, run: Run, word: str) -> None:
        if not any(getattr(step, "word", None) == word for step in run.callback.job.steps):
            run = self._set(run, words=(*run.words, word), fresh=(*run.fresh, word))
        self._go_on(run, run.rest, {**run.arguments, "word": word})

    def _go_on(self, run: Run, steps: Sequence[Step], names: Mapping[str, object]) -> None:
        done = stretch(steps, names)
        self._set(
            run,
            gate=done.gate,
            rest=done.rest,
            end=run.end or done.end,
            result=done.result,
            reports=(*run.reports, *done.reports),
            updates=(*run.updates, *done.updates),
            last_report=done.reports[-1] if done.reports else run.last_report,
        )
        if not run.is_running:
            self._drop(run)

    def _cancel(self, run: Run) -> None:
        if run.is_running:
            early = self.pages[run.page].holds_answers
            self._set(run, end=End.CANCELLED, before_answer=early)
            self._drop(run)
        elif run.awaits_look and run.end != End.CANCELLED:
            self._set(run, is_free=True)

    # The user looks.

    def _look(self, page: int) -> None:
        lost = self.pages[page].loses_poll
        waiting = [run for run in self._runs_of(page) if run.is_running or run.awaits_look]
        loses = lost and not waiting
        self._set_page(page, holds_answers=False, failures=(), loses_poll=loses)
        for run in waiting:
            self._set(run, lost_poll=run.lost_poll or lost)
        for run in waiting:
            current = self.runs[run.number]
            if current.is_running or current.awaits_look:
                self._hear(effects.with_form(current, self.scenario))

    def _hear(self, run: Run) -> None:
        """A page learns what the job of a run has done."""
        self.runs[run.number] = run
        of_run = self._facts(run)
        changes = effects.updates(run, of_run)
        if run.end is None:
            changes |= effects.progress(run, of_run, self.scenario)
        else:
            changes |= self._outputs(run, of_run)
            changes = self._perhaps(run, changes) | self._after(run, of_run)
        over = run.end is not None
        self._set(run, updates=(), reports=(), fresh=(), is_over=over)
        self._change(run.page, changes, by=run.callback)

    def _outputs(self, run: Run, of_run: frozenset[Fact]) -> Changes:
        page = self.pages[run.page]
        if run.end and run.end.failed and not run.is_free and run.callback.on_error is None:
            failures = (*page.failures, chosen(rules.SHOWS_FAILURE, of_run))
            self._set_page(run.page, failures=failures)
        return effects.outputs(run, of_run, page.shows, self.scenario)

    def _perhaps(self, run: Run, changes: Changes) -> Changes:
        """The changes; where the implementation is free to leave them out, what was there before is allowed too."""
        if not run.is_free:
            return changes
        shows = self.pages[run.page].shows
        return {prop: shows.get(prop, NOTHING).or_else(changes[prop]) for prop in changes}

    def _after(self, run: Run, of_run: frozenset[Fact]) -> Changes:
        same_slot = (other for other in self._runs_of(run.page) if other.slot == run.slot)
        if any(other.number > run.number for other in same_slot):
            return {}
        return effects.after(run, of_run, self._layout(), self.dialect, self.scenario)
