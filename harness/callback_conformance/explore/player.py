"""Does acts to a real app and compares its pages with the model after each look."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from callback_conformance.control import violation
from callback_conformance.control.job import JobRun
from callback_conformance.control.violation import Violation
from callback_conformance.model import Allowed, Model, rules
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
from callback_conformance.model.jobs import End
from callback_conformance.model.runs import Run
from callback_conformance.page import Page
from callback_conformance.scenario import Scenario
from callback_conformance.scenario.equality import same
from callback_conformance.session.session import AppSession

SHORT_SECONDS = 0.3  # for what is known to go wrong, or went wrong before
LATE_POLLS = 2  # what a page shows later than its own news has to come with one of these


@dataclass(frozen=True)
class Difference:
    """What a page, or a job, did otherwise than the model."""

    #: The requirements, the narrowest first.
    requirements: tuple[str, ...]
    expected: str
    seen: str
    #: A property of a page, or the name of a job.
    subject: str = ""
    #: After how many acts it showed.
    step: int = 0

    @property
    def requirement(self) -> str:
        """The requirement that is violated."""
        return self.requirements[0]

    def __str__(self) -> str:
        return f"{self.seen}; expected {self.expected}"


class CannotGoOn(Exception):
    """A job that the model expects is not there, or one is there that it does not expect."""


@dataclass
class Patience:
    """How long a fact is awaited, by the requirement that demands it."""

    #: What is known to be violated, or was seen to be.
    violated: set[str] = field(default_factory=set)

    def seconds(self, requirement: str) -> float:
        """A first time with all the patience of a test; then no longer than it takes to see it again."""
        return SHORT_SECONDS if requirement in self.violated else violation.WAIT_SECONDS


class Player:
    """One program that runs, with its model."""

    def __init__(
        self,
        session: AppSession,
        scenario: Scenario,
        binding: Callable[[str], bool],
        patience: Patience,
    ) -> None:
        self.model: Any = self._new_model(scenario, session.dialect)
        self.acts: list[Act] = []
        self.differences: list[Difference] = []
        self._session = session
        self._is_binding = binding
        self._patience = patience
        self._jobs: dict[int, JobRun] = {}
        #: What a property was allowed to be when it was found to be something else.
        self._excused: dict[tuple[int, str], Allowed] = {}
        #: How many events have been looked at, and how many errors of each page.
        self._events = 0
        self._errors: dict[int, int] = {}
        self._pages = {1: session.open(scenario)}
        self._take_jobs({})

    def play(self, act: Act) -> None:
        """Do this, and note what is not as the model has it. Raises CannotGoOn, or NotModelled before
        anything is done."""
        before = self.model.runs
        self.model = self.model.act(act)
        self.acts.append(act)
        self._do(act)
        if isinstance(act, Look):
            self._compare(act.page)
        self._check_events()
        self._take_jobs(before)
        if isinstance(act, Look):
            self._check_jobs()

    def _new_model(self, scenario: Scenario, dialect: str) -> Any:
        return Model.opened(scenario, dialect)

    # What is done.

    def _do(self, act: Act) -> None:
        match act:
            case Click(page, button):
                self._pages[page].click(button)
            case Enter(page, prop, entry):
                self._pages[page].set(prop, entry)
            case HoldAnswers(page):
                self._pages[page].network.hold_answers()
            case LosePoll(page, refused):
                network = self._pages[page].network
                (network.refuse_next_poll if refused else network.lose_next_poll)()
            case Reload(page):
                self._pages[page].reload()
                self._errors[page] = len(self._pages[page].errors)
            case OpenPage(same_user):
                first = self._pages[1]
                another = first.another_tab() if same_user else first.another_user()
                self._pages[len(self._pages) + 1] = another
            case Release(number, word):
                self._release(self._jobs[number], word)
            case Look(page):
                self._deliver(self._pages[page])

    def _deliver(self, page: Page) -> None:
        page.network.deliver_answers()

    def _release(self, job: JobRun, word: str) -> None:
        if job.gate and not job.ended:
            job.release(job.gate, word)
        job.wait_for_rest()

    # What is compared.

    def _compare(self, page: int) -> None:
        tab = self._pages[page]
        tab.wait_until(lambda: not self._mismatches(page), SHORT_SECONDS)
        unknown = [id for id, *_ in self._mismatches(page)]
        if unknown and (seconds := max(map(self._patience.seconds, unknown))) > SHORT_SECONDS:
            tab.wait_until(lambda: not self._mismatches(page), seconds)
        for _ in range(LATE_POLLS):
            tab.network.poll()
        tab.fence()
        for requirement, prop, allowed in self._mismatches(page):
            self._excused[page, prop] = allowed
            others = tuple(id for id in allowed.requirements if id != requirement)
            expected = " or ".join(map(repr, allowed.values or ()))
            seen = f"{prop} is {tab.get(prop)!r} on {tab.name}"
            self._differs((requirement, *others), expected, seen, prop)
        self._compare_errors(page)

    def _mismatches(self, page: int) -> list[tuple[str, str, Allowed]]:
        """The properties that are not as they may be, each with the requirement that says so."""
        tab, mismatches = self._pages[page], []
        for prop, allowed in self.model.allowed(page).items():
            if self._excused.get((page, prop)) == allowed:
                continue
            broken = [
                id for id in self.model.verdict(page, prop, tab.get(prop)) if self._is_binding(id)
            ]
            if broken:
                mismatches.append((broken[0], prop, allowed))
        return mismatches

    def _compare_errors(self, page: int) -> None:
        tab, expected = self._pages[page], self.model.pages[page].failures
        news = len(tab.errors) - self._errors.get(page, 0)
        self._errors[page] = len(tab.errors)
        for ids in expected[news:]:
            self._differs(ids, "one that reports the failure", f"{tab.name} shows no error")

    def _check_events(self) -> None:
        """No page ever shows a value that it may not show, not even for a moment."""
        events = list(self._session.timeline)
        numbers = {page.name: number for number, page in self._pages.items()}
        for event in events[self._events :]:
            if event.what == "shows" and event.source in numbers:
                page, prop = numbers[event.source], event.facts["prop"]
                shown = event.facts["value"]
                if broken := self.model.forbidden(page, prop, shown):
                    self._excuse_seen(page, prop)
                    seen = f"{prop} was {shown!r} on {event.source}"
                    self._differs((broken,), "that it never is", seen, prop)
        self._events = len(events)

    def _excuse_seen(self, page: int, prop: str) -> None:
        if prop in (shows := self.model.allowed(page)):
            self._excused[page, prop] = shows[prop]

    # Jobs.

    def _take_jobs(self, before: Mapping[int, Run]) -> None:
        """Each trigger has started a job with its arguments."""
        started = [run for number, run in self.model.runs.items() if number not in before]
        for run in [run for run in started if not getattr(run, "is_hit", False)]:
            ids = self.model.deciding(rules.STARTS, run)
            try:
                job = self._page_of(run).next_job(self._seconds(ids))
            except Violation as missing:
                self._differs(ids, "that its job starts", str(missing), run.callback.name)
                raise CannotGoOn from None
            job.wait_for_rest()
            self._assign(job, started)

    def _page_of(self, run: Any) -> Page:
        return self._pages[run.page]

    def _assign(self, job: JobRun, started: list[Run]) -> None:
        """Tell which run a job belongs to: by its name, then by its arguments."""
        free = [
            run for run in started if run.number not in self._jobs and run.callback.name == job.name
        ]
        if not free:
            self._differs((rules.UNBIDDEN,), "no such job", f"{job} started", job.name)
            raise CannotGoOn
        fitting = [run for run in free if same(job.arguments, run.arguments)]
        run = (fitting or free)[0]
        self._jobs[run.number] = job
        if not fitting:
            ids = self.model.deciding(rules.RECEIVES, run)
            self._differs(ids, repr(dict(run.arguments)), f"{job} has {job.arguments!r}", job.name)

    def _check_jobs(self) -> None:
        for number, job in self._jobs.items():
            run = self.model.runs[number]
            if run.is_running and job.ended:
                ids = self.model.deciding(rules.LIVES, run)
                self._differs(ids, "that it goes on", f"{job} has ended", run.callback.name)
                raise CannotGoOn
            if run.end == End.CANCELLED and not self._stops(run, job):
                ids = self.model.deciding(rules.STOPS, run)
                self._differs(ids, "that it stops", f"{job} goes on", run.callback.name)
                raise CannotGoOn
        self._session.controller.catch_up()
        for job in self._session.controller.unclaimed():
            hits = [run for run in self.model.runs.values() if getattr(run, "is_hit", False)]
            is_hit = any(run.callback.name == job.name for run in hits)
            self._differs(
                (rules.OF_A_HIT if is_hit else rules.UNBIDDEN,),
                "no job",
                f"{job} started",
                job.name,
            )
            raise CannotGoOn

    def _stops(self, run: Run, job: JobRun) -> bool:
        seconds = self._seconds(self.model.deciding(rules.STOPS, run))
        return self._session.timeline.wait_for(lambda: job.ended, seconds)

    def _seconds(self, ids: tuple[str, ...]) -> float:
        return max(map(self._patience.seconds, ids[:1]))

    def _differs(self, ids: tuple[str, ...], expected: str, seen: str, subject: str = "") -> None:
        binding = tuple(id for id in ids if self._is_binding(id))
        if binding:
            self.differences.append(Difference(binding, expected, seen, subject, len(self.acts)))
            self._patience.violated.add(binding[0])
