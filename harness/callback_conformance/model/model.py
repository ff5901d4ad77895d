"""What the pages of a Dash program may show, by its scenario and by what has been done so far."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from callback_conformance.model import rules
from callback_conformance.model.acts import Act, OpenPage
from callback_conformance.model.allowed import Allowed
from callback_conformance.model.doing import Doing, PageState
from callback_conformance.model.effects import NOTHING
from callback_conformance.model.facts import facts, has_key_of, role
from callback_conformance.model.jobs import End
from callback_conformance.model.properties import concrete
from callback_conformance.model.rules import Rule, chosen
from callback_conformance.model.runs import Run
from callback_conformance.scenario import Scenario
from callback_conformance.scenario.equality import same


@dataclass(frozen=True)
class Model:
    """A program that runs, and its pages: a value, which ``act`` leaves as it is."""

    scenario: Scenario
    dialect: str
    pages: Mapping[int, PageState] = field(default_factory=dict)
    runs: Mapping[int, Run] = field(default_factory=dict)

    @classmethod
    def opened(cls, scenario: Scenario, dialect: str) -> Model:
        """The program after its first user has opened its page. Raises NotModelled."""
        return cls(scenario, dialect).act(OpenPage())

    def act(self, act: Act) -> Model:
        """What the program becomes when this is done. Raises NotModelled."""
        doing = Doing(self.scenario, self.dialect, dict(self.pages), dict(self.runs))
        doing.do(act)
        return Model(self.scenario, self.dialect, doing.pages, doing.runs)

    def allowed(self, page: int) -> Mapping[str, Allowed]:
        """What each property of a page may be whenever all jobs are at rest and its user has just looked."""
        return self.pages[page].shows

    def gated(self) -> list[Run]:
        """The runs whose jobs wait at a gate, unless the implementation has stopped them."""
        return [run for run in self.runs.values() if run.gate and run.end is None]

    def deciding(self, rules_of_case: Sequence[Rule], run: Run) -> tuple[str, ...]:
        """The requirements that decide a case of a run, the narrowest first."""
        return chosen(rules_of_case, facts(run, self.runs, self.dialect))

    def verdict(self, page: int, prop: str, seen: object) -> tuple[str, ...]:
        """The requirements that a page breaks by what it shows after a look, the narrowest first."""
        allowed = self.pages[page].shows.get(prop, NOTHING)
        if allowed.holds(seen):
            return ()
        forbidden = self.forbidden(page, prop, seen)
        broken = (
            forbidden or self._confused(page, prop, seen) or self._other_users(page, prop, seen)
        )
        ids = (broken, *allowed.requirements) if broken else allowed.requirements
        return ids or (rules.UNCOVERED,)

    def forbidden(self, page: int, prop: str, seen: object) -> str:
        """The requirement that a page breaks by ever showing a value of a run that it may not show; empty: none."""
        for run, role_of_prop in self._whose(prop, seen):
            if role_of_prop == "output" and self._has_hit_on(run, page):
                continue
            if run.page != page:
                return self._of_another_page(run, page, role_of_prop)
            if run.abandoned and role_of_prop == "output":
                return rules.OF_AN_EARLIER_RUN[role_of_prop]
            late = any(word in repr(seen) for word in run.dropped)
            if run.replaced and late:
                return rules.OF_A_REPLACED_RUN[role_of_prop]
            if run.end == End.CANCELLED and late:
                return rules.OF_A_CANCELLED_RUN[role_of_prop]
        return ""

    def _has_hit_on(self, run: Run, page: int) -> bool:
        """Whether a page shows the result of a run because a later trigger of its own found it stored."""
        own = (other for other in self.runs.values() if other.page == page and other.is_hit)
        return any(has_key_of(run, hit) for hit in own)

    def once(self, prop: str, seen: object) -> str:
        """The requirement that forbids a page to show this value twice; empty: none."""
        return next(
            (rules.TWICE[name] for _, name in self._whose(prop, seen) if name in rules.TWICE), ""
        )

    def _whose(self, prop: str, seen: object) -> Iterator[tuple[Run, str]]:
        """The runs whose words a value holds, and what the property is to each."""
        text = repr(seen)
        for run in self.runs.values():
            if any(word in text for word in run.words) and (name := role(run, prop, self.scenario)):
                yield run, name

    def _of_another_page(self, run: Run, page: int, role_of_prop: str) -> str:
        if self.pages[page].user == run.user:
            return ""  # whether two pages of one user share anything is implementation-defined
        at_once = (self.runs[number] for number in run.beside)
        equal = any(
            other.page == page
            and other.callback == run.callback
            and same(other.arguments, run.arguments)
            for other in at_once
        )
        is_result = role_of_prop == "output" and equal
        return "ISO-1" if is_result else rules.OF_ANOTHER_USER[role_of_prop]

    def _confused(self, page: int, prop: str, seen: object) -> str:
        """The requirement that is broken by the result of another callback or instance of the page."""
        text = repr(seen)
        for own in self.runs.values():
            if own.page != page or role(own, prop, self.scenario) != "output":
                continue
            for other in self.runs.values():
                is_other = other.page == page and other.slot != own.slot
                if is_other and any(word in text for word in other.words):
                    company = facts(own, self.runs, self.dialect)
                    ids = (id for id, fact in rules.CONFUSES if fact in company)
                    return next(ids, rules.OF_AN_EARLIER_RUN["output"])
        return ""

    def _other_users(self, page: int, prop: str, seen: object) -> str:
        """The requirement that is broken by a value of ``running`` on the page of a user who has run nothing."""
        runs = [
            run
            for run in self.runs.values()
            for entry in run.callback.running
            if prop in concrete(str(entry[0]), self.scenario, run.instance)
            and any(same(seen, part) for part in entry[1:])
        ]
        if not runs or any(run.page == page for run in runs):
            return ""
        return rules.RUNNING_OF_ANOTHER
