"""What the pages of a Taipy program may show, and what its status functions receive."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from callback_conformance.model import rules
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
from callback_conformance.model.allowed import Allowed, exactly
from callback_conformance.model.effects import NOTHING
from callback_conformance.model.invocations import (
    NOBODY,
    OF_JOBS,
    FinalStatus,
    TaipyRun,
    final_status,
    is_periodic,
    names_thread,
    raises_in_status,
    refusal,
)
from callback_conformance.model.jobs import End, NotModelled, filled, stretch
from callback_conformance.model.rules import UNCOVERED, Rule
from callback_conformance.scenario import (
    ALWAYS,
    FAILURE,
    RUNNING,
    SUCCESS,
    Action,
    Scenario,
    Status,
    Step,
    leaves,
)
from callback_conformance.scenario.steps import Assign, Notify


@dataclass(frozen=True)
class TaipyPage:
    """One page, and the state of its user."""

    number: int
    shows: Mapping[str, Allowed]
    #: What its user has been told, in order, each with what says so.
    notifications: tuple[tuple[str, str], ...] = ()
    #: What its user may be told any number of times: what is sent with periodic statuses.
    repeated: frozenset[tuple[str, str]] = frozenset()
    failures: tuple[tuple[str, ...], ...] = ()
    holds_answers: bool = False
    #: What was assigned while the page was closed.
    news: frozenset[str] = frozenset()
    #: Whether a stranger knows the handle of its user.
    is_overheard: bool = False


@dataclass(frozen=True)
class TaipyModel:
    """A program that runs, and its pages: a value, which ``act`` leaves as it is."""

    scenario: Scenario
    #: The open pages, and those that their users have left.
    pages: Mapping[int, TaipyPage] = field(default_factory=dict)
    left: Mapping[int, TaipyPage] = field(default_factory=dict)
    runs: Mapping[int, TaipyRun] = field(default_factory=dict)
    #: The final statuses so far, in their order.
    statuses: tuple[FinalStatus, ...] = ()
    #: For each invocation that must raise or report the final status ``False``, the requirements that say so.
    refusals: tuple[tuple[str, ...], ...] = ()

    @classmethod
    def opened(cls, scenario: Scenario) -> TaipyModel:
        """The program after its first user has opened its page."""
        return cls(scenario).act(OpenPage())

    def act(self, act: Act) -> TaipyModel:
        """What the program becomes when this is done. Raises NotModelled."""
        match act:
            case OpenPage(same_user=False):
                number = len(self.pages) + len(self.left) + 1
                return self._with(TaipyPage(number, self._first_values()))._begin(number)
            case (
                LoadUnconnected() | LoadByInventedHandle()
            ):  # for the latter, a stranger loads a page
                return self._begin(NOBODY)
            case Leave(page):
                return self._closed(page)
            case Reload(page):
                return (self if page in self.left else self._closed(page))._return(page)
            case Click(page, button):
                return self._invoke(page, self._action_of(button))
            case Enter(page, prop, entry):
                shows = {**self.pages[page].shows, prop: exactly(entry, UNCOVERED)}
                return self._with(replace(self.pages[page], shows=shows))
            case Release(number, word):
                return self._release(self.runs[number], word)
            case LetTimePass():
                return self._let_time_pass()
            case Overhear(page):
                return self._overheard(page)
            case Look() | StrangerEnters():
                return self
        raise NotModelled(f"the model of Taipy does not know the act {act}")

    def allowed(self, page: int) -> Mapping[str, Allowed]:
        """What each property of a page may be whenever all jobs are at rest."""
        return self.pages[page].shows if page in self.pages else {}

    def gated(self) -> list[TaipyRun]:
        """The runs whose jobs wait at a gate."""
        return [run for run in self.runs.values() if run.gate and run.end is None]

    def verdict(self, page: int, prop: str, seen: object) -> tuple[str, ...]:
        """The requirements that a page breaks by what it shows, the narrowest first."""
        allowed = self.allowed(page).get(prop, NOTHING)
        if allowed.holds(seen):
            return ()
        forbidden = self.forbidden(page, prop, seen)
        return (forbidden, *allowed.requirements) if forbidden else allowed.requirements

    def forbidden(self, page: int, prop: str, seen: object) -> str:
        """The requirement that a page breaks by ever showing what belongs to another user; empty: none."""
        text = repr(seen)
        others = [run for run in self.runs.values() if run.page != page]
        shown = [run for run in others if any(word in text for word in run.words)]
        if not shown:
            return ""
        return "ISO-8" if shown[0].page in self.left else "ISO-4"

    def unbidden_notification(self, page: int) -> str:
        """The requirement that a page breaks by a notification that is not for it: that of the last status."""
        owners = [self.runs[final.run].page for final in self.statuses]
        if not owners or owners[-1] == page:
            return "NOTIFY-2"
        return "ISO-8" if owners[-1] in self.left else "ISO-7"

    def deciding(self, rules_of_case: Sequence[Rule], run: TaipyRun) -> tuple[str, ...]:
        """The requirements that decide a case of a run."""
        if rules_of_case is rules.RECEIVES:
            return tuple(self._deciding_arguments(run))
        of_kind = tuple(OF_JOBS.get(run.callback.kind, ("STATUS-15",)))
        if run.callback.status is None:
            return (*of_kind, "BG-19")
        failed = any(other.end and other.end.failed for other in self.runs.values())
        return (*of_kind, "FAIL-3" if failed else "RESULT-1")

    def _deciding_arguments(self, run: TaipyRun) -> Iterator[str]:
        page = self.pages.get(run.page)
        if page and page.is_overheard:
            yield "SEC-24"
        assigned = {
            prop
            for callback in self.scenario.callbacks
            if isinstance(callback, Action) and callback.status
            for _, step in callback.status.steps
            if isinstance(step, Assign)
            for prop in leaves(step.properties)
        }
        if assigned & set(run.callback.arguments):
            yield "STATUS-17"
        yield "BG-10"

    def _first_values(self) -> dict[str, Allowed]:
        return {
            f"{part.id}.{name}": exactly(filled(first, {}), UNCOVERED)
            for part in self.scenario.components
            if part.kind != "button"
            for name, first in part.props.items()
        }

    # Pages.

    def _with(self, page: TaipyPage) -> TaipyModel:
        """The same with this page, open or left."""
        if page.number in self.left:
            return replace(self, left={**self.left, page.number: page})
        return replace(self, pages={**self.pages, page.number: page})

    def _begin(self, page: int) -> TaipyModel:
        """A new user's first load invokes what the program says."""
        model = self
        for callback in self.scenario.callbacks:
            if isinstance(callback, Action) and callback.initial:
                model = model._invoke(page, callback)
        return model

    def _closed(self, page: int) -> TaipyModel:
        pages = {number: shown for number, shown in self.pages.items() if number != page}
        return replace(self, pages=pages, left={**self.left, page: self.pages[page]})

    def _return(self, page: int) -> TaipyModel:
        """The user of a page loads it again: it shows what was assigned meanwhile; whether it shows what it showed
        before is left open."""
        if self.scenario.forget_after_seconds is not None:
            raise NotModelled("whether a user who comes back was forgotten is left open")
        closed, first = self.left[page], self._first_values()
        shows = {
            prop: allowed.narrowed_by("ISO-13")
            if prop in closed.news
            else allowed.or_else(first[prop])
            for prop, allowed in closed.shows.items()
        }
        left = {number: away for number, away in self.left.items() if number != page}
        opened = replace(closed, shows=shows, news=frozenset())
        return replace(self, left=left, pages={**self.pages, page: opened})

    def _overheard(self, page: int) -> TaipyModel:
        """What a stranger does changes nothing."""
        overheard = self.pages[page]
        shows = {prop: allowed.narrowed_by("SEC-24") for prop, allowed in overheard.shows.items()}
        return self._with(replace(overheard, shows=shows, is_overheard=True))

    def _let_time_pass(self) -> TaipyModel:
        """Each running job has reported a periodic status, and its page shows what was assigned then."""
        model = self
        for run in self.runs.values():
            if run.is_running and is_periodic(run.callback):
                model = model._reported(run, (RUNNING,), {}, "PERIOD-10")
        return model

    # Jobs.

    def _action_of(self, button: str) -> Action:
        actions = [c for c in self.scenario.callbacks if isinstance(c, Action)]
        [action] = [action for action in actions if action.trigger == button]
        return action

    def _invoke(self, page: int, action: Action) -> TaipyModel:
        if requirements := refusal(action):
            model = replace(self, refusals=(*self.refusals, requirements))
            return model._may_report(page, action, (ALWAYS, FAILURE, RUNNING))
        shows = self.pages[page].shows if page else self._first_values()
        names = action.takes or tuple(prop.partition(".")[0] for prop in action.arguments)
        fields = [_certain(prop, shows) for prop in action.arguments]
        literal = action.literal_arguments
        handed = literal if isinstance(literal, list) else fields
        arguments = dict(zip(names, handed, strict=False))
        run = TaipyRun(len(self.runs) + 1, action, page, arguments)
        model = self._go_on(run, action.job.steps, arguments)
        return model._may_report(page, action, (RUNNING,)) if is_periodic(action) else model

    def _may_report(self, number: int, action: Action, moments: Sequence[str]) -> TaipyModel:
        """From now on the page may show what a status function assigns and sends at these moments."""
        if number not in self.pages or action.status is None:
            return self
        page = self.pages[number]
        shows, repeated = dict(page.shows), set(page.repeated)
        for when, step in action.status.steps:
            if when in moments and isinstance(step, Assign):
                for prop in leaves(step.properties):
                    shows[prop] = shows[prop].or_else(exactly(step.value, UNCOVERED))
            elif when in moments and isinstance(step, Notify):
                repeated.add((step.kind, step.message))
        return self._with(replace(page, shows=shows, repeated=frozenset(repeated)))

    def _release(self, run: TaipyRun, word: str) -> TaipyModel:
        named = any(getattr(step, "word", None) == word for step in run.callback.job.steps)
        run = run if named else replace(run, words=(*run.words, word))
        return self._go_on(run, run.rest, {**run.arguments, "word": word})

    def _go_on(
        self, run: TaipyRun, steps: Sequence[Step], names: Mapping[str, object]
    ) -> TaipyModel:
        done = stretch(steps, names)
        taken = tuple(steps[: len(steps) - len(done.rest)])
        run = replace(
            run,
            gate=done.gate,
            rest=done.rest,
            end=done.end,
            result=done.result,
            is_named=run.is_named or names_thread(taken),
        )
        following = replace(self, runs={**self.runs, run.number: run})
        status = run.callback.status
        return following if run.end is None or status is None else following._report(run, status)

    def _report(self, run: TaipyRun, status: Status) -> TaipyModel:
        """The final status of a run, and what its status function does."""
        mistakes = [self.runs[final.run].callback.status for final in self.statuses]
        final = final_status(run, status, any(raises_in_status(s) for s in mistakes if s))
        following = replace(self, statuses=(*self.statuses, final))
        certain = {name: part.values[0] for name, part in final.parameters.items() if part.values}
        end = SUCCESS if run.end == End.RESULT else FAILURE
        return following._reported(run, (ALWAYS, end), certain)

    def _reported(
        self,
        run: TaipyRun,
        moments: Sequence[str],
        names: Mapping[str, object],
        requirement: str = "STATUS-7",
    ) -> TaipyModel:
        """What a status function does at these moments; ``requirement`` says that what it assigns is shown."""
        page = self.pages.get(run.page) or self.left.get(run.page)
        if page is None or run.callback.status is None:
            return self
        for when, step in run.callback.status.steps:
            if when in moments:
                is_away = run.page in self.left
                page = _taken(page, step, names, run, requirement, is_away)
        return self._with(page)


def _certain(prop: str, shows: Mapping[str, Allowed]) -> object:
    """What a property holds. Raises NotModelled if that is not certain."""
    values = shows[prop].values
    if values is None or any(value != values[0] for value in values):
        raise NotModelled(f"nobody knows what {prop} holds")
    return values[0]


def _taken(
    page: TaipyPage,
    step: Step,
    names: Mapping[str, object],
    run: TaipyRun,
    requirement: str,
    is_away: bool,
) -> TaipyPage:
    match step:
        case Assign(props, assigned):
            part, places = filled(assigned, names), list(leaves(props))
            overheard = ("SEC-24",) if page.is_overheard else ()
            ids = (*_of_result(run, part, assigned), requirement, *overheard)
            shows = {**page.shows, **{prop: exactly(part, *ids) for prop in places}}
            return replace(page, shows=shows, news=page.news | set(places if is_away else ()))
        case Notify(kind, message):
            sent = (kind, str(filled(message, names)))
            if sent in page.repeated or is_away:  # whether a user is told later is left open
                return replace(page, repeated=page.repeated | {sent})
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
