"""What the pages of a Taipy program may show, and what its status functions receive."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from callback_conformance.model import rules
from callback_conformance.model.acts import Act, Click, Enter, OpenPage, Release
from callback_conformance.model.allowed import Allowed, exactly
from callback_conformance.model.effects import NOTHING
from callback_conformance.model.jobs import End, NotModelled, filled, stretch
from callback_conformance.model.rules import UNCOVERED, Rule
from callback_conformance.model.statuses import Outcome, demanded_by, received
from callback_conformance.scenario import (
    ALWAYS,
    FAILURE,
    SUCCESS,
    Action,
    Scenario,
    Status,
    Step,
    leaves,
)
from callback_conformance.scenario.steps import Assign, Notify

#: The requirements that say that the end of each kind of job is reported.
_OF_JOBS = {"function": (), "coroutine": ("STATUS-25",)}


@dataclass(frozen=True)
class TaipyRun:
    """What one action has invoked."""

    number: int
    callback: Action
    page: int
    arguments: Mapping[str, object]
    gate: str = ""
    rest: tuple[Step, ...] = ()
    end: End | None = None
    result: object = None
    words: tuple[str, ...] = ()

    @property
    def is_running(self) -> bool:
        """Whether its job is running."""
        return self.end is None


@dataclass(frozen=True)
class FinalStatus:
    """One call of a status function."""

    run: int
    #: What each parameter receives.
    parameters: Mapping[str, Allowed]
    #: The requirements that say that it is called.
    requirements: tuple[str, ...]


@dataclass(frozen=True)
class TaipyPage:
    """One open page, and the state of its user."""

    number: int
    user: int
    shows: Mapping[str, Allowed]
    #: What its user has been told, in order, each with what says so.
    notifications: tuple[tuple[str, str], ...] = ()
    failures: tuple[tuple[str, ...], ...] = ()
    holds_answers: bool = False


@dataclass(frozen=True)
class TaipyModel:
    """A program that runs, and its pages: a value, which ``act`` leaves as it is."""

    scenario: Scenario
    pages: Mapping[int, TaipyPage] = field(default_factory=dict)
    runs: Mapping[int, TaipyRun] = field(default_factory=dict)
    #: The final statuses so far, in their order.
    statuses: tuple[FinalStatus, ...] = ()
    #: How many invocations must raise or report the final status ``False``, and by what.
    refusals: tuple[str, ...] = ()

    @classmethod
    def opened(cls, scenario: Scenario) -> TaipyModel:
        """The program after its first user has opened its page."""
        return cls(scenario).act(OpenPage())

    def act(self, act: Act) -> TaipyModel:
        """What the program becomes when this is done. Raises NotModelled."""
        match act:
            case OpenPage(same_user=False):
                number = len(self.pages) + 1
                return self._with(TaipyPage(number, number, self._first_values()))
            case Click(page, button):
                return self._invoke(page, button)
            case Enter(page, prop, entry):
                shows = {**self.pages[page].shows, prop: exactly(entry, UNCOVERED)}
                return self._with(replace(self.pages[page], shows=shows))
            case Release(number, word):
                run = self.runs[number]
                named = any(getattr(step, "word", None) == word for step in run.callback.job.steps)
                run = run if named else replace(run, words=(*run.words, word))
                return self._go_on(run, run.rest, {**run.arguments, "word": word})
        if type(act).__name__ == "Look":
            return self
        raise NotModelled(f"the model of Taipy does not know the act {act}")

    def allowed(self, page: int) -> Mapping[str, Allowed]:
        """What each property of a page may be whenever all jobs are at rest."""
        return self.pages[page].shows

    def gated(self) -> list[TaipyRun]:
        """The runs whose jobs wait at a gate."""
        return [run for run in self.runs.values() if run.gate and run.end is None]

    def verdict(self, page: int, prop: str, seen: object) -> tuple[str, ...]:
        """The requirements that a page breaks by what it shows, the narrowest first."""
        allowed = self.pages[page].shows.get(prop, NOTHING)
        if allowed.holds(seen):
            return ()
        forbidden = self.forbidden(page, prop, seen)
        return (forbidden, *allowed.requirements) if forbidden else allowed.requirements

    def forbidden(self, page: int, prop: str, seen: object) -> str:
        """The requirement that a page breaks by ever showing what belongs to another user; empty: none."""
        text = repr(seen)
        others = (run for run in self.runs.values() if run.page != page)
        return "ISO-4" if any(word in text for run in others for word in run.words) else ""

    def deciding(self, rules_of_case: Sequence[Rule], run: TaipyRun) -> tuple[str, ...]:
        """The requirements that decide a case of a run."""
        if rules_of_case is rules.RECEIVES:
            return ("BG-10",)
        of_kind = tuple(_OF_JOBS.get(run.callback.kind, ("STATUS-15",)))
        if run.callback.status is None:
            return (*of_kind, "BG-19")
        failed = any(other.end and other.end.failed for other in self.runs.values())
        return (*of_kind, "FAIL-3" if failed else "RESULT-1")

    def _first_values(self) -> dict[str, Allowed]:
        return {
            f"{part.id}.{name}": exactly(filled(first, {}), UNCOVERED)
            for part in self.scenario.components
            if part.kind != "button"
            for name, first in part.props.items()
        }

    def _with(self, page: TaipyPage) -> TaipyModel:
        return replace(self, pages={**self.pages, page.number: page})

    # Jobs.

    def _invoke(self, page: int, button: str) -> TaipyModel:
        [action] = [
            c for c in self.scenario.callbacks if isinstance(c, Action) and c.trigger == button
        ]
        refusal = _refusal(action)
        if refusal:
            return replace(self, refusals=(*self.refusals, refusal))
        shows = self.pages[page].shows
        names = action.takes or tuple(prop.partition(".")[0] for prop in action.arguments)
        fields = [(shows[prop].values or (None,))[0] for prop in action.arguments]
        literal = action.literal_arguments
        handed = literal if isinstance(literal, list) else fields
        arguments = dict(zip(names, handed, strict=False))
        run = TaipyRun(len(self.runs) + 1, action, page, arguments)
        return self._go_on(run, action.job.steps, arguments)

    def _go_on(
        self, run: TaipyRun, steps: Sequence[Step], names: Mapping[str, object]
    ) -> TaipyModel:
        done = stretch(steps, names)
        run = replace(run, gate=done.gate, rest=done.rest, end=done.end, result=done.result)
        following = replace(self, runs={**self.runs, run.number: run})
        status = run.callback.status
        return following if run.end is None or status is None else following._report(run, status)

    def _report(self, run: TaipyRun, status: Status) -> TaipyModel:
        """The final status of a run, and what its status function does."""
        returned = run.end == End.RESULT
        outcome = Outcome(returned, run.result, run.callback.status_arguments)
        parameters = received(status, outcome)
        ids = (*_of_end(run), *demanded_by(status), "STATUS-3")
        final = FinalStatus(run.number, parameters, ids)
        following = replace(self, statuses=(*self.statuses, final))
        page = following.pages[run.page]
        certain = {name: part.values[0] for name, part in parameters.items() if part.values}
        for when, step in status.steps:
            if when in (ALWAYS, SUCCESS if returned else FAILURE):
                page = _taken(page, step, certain, run)
        return following._with(page)


def _refusal(action: Action) -> str:
    """The requirement by which an invocation must raise, or report a failure; empty: it is right."""
    if action.status is not None and action.status.kind == "text":
        return "STATUS-29"
    if action.kind == "text":
        return "STATUS-27"
    handed = action.literal_arguments
    return "STATUS-28" if handed is not None and not isinstance(handed, list) else ""


def _of_end(run: TaipyRun) -> Iterator[str]:
    if run.end == End.DIED:
        yield "STATUS-13"
    yield from _OF_JOBS.get(run.callback.kind, ("STATUS-15",))


def _taken(page: TaipyPage, step: Step, names: Mapping[str, object], run: TaipyRun) -> TaipyPage:
    match step:
        case Assign(props, assigned):
            part = filled(assigned, names)
            ids = (*_of_result(run, part, assigned), "STATUS-7")
            places = list(leaves(props))
            return replace(page, shows={**page.shows, **{p: exactly(part, *ids) for p in places}})
        case Notify(kind, message):
            sent = (kind, str(filled(message, names)))
            return replace(page, notifications=(*page.notifications, sent))
    return page


def _of_result(run: TaipyRun, part: object, assigned: object) -> Iterator[str]:
    if isinstance(assigned, str):
        return
    if run.callback.kind == "coroutine":
        yield "STATUS-31"
    if not part:
        yield "RESULT-5"
    yield "RESULT-1"
