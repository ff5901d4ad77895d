"""Does acts to a real app in the dialect taipy, and compares its pages and its final statuses with the model."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from callback_conformance.control.timeline import Event
from callback_conformance.explore.player import SHORT_SECONDS, CannotGoOn, Patience, Player
from callback_conformance.model.acts import Act
from callback_conformance.model.taipy import FinalStatus, TaipyModel
from callback_conformance.page import Notification, Page
from callback_conformance.scenario import Scenario
from callback_conformance.session.session import AppSession


class TaipyPlayer(Player):
    """One program that runs, with its model. A status function announces each of its calls."""

    model: TaipyModel

    def __init__(
        self,
        session: AppSession,
        scenario: Scenario,
        binding: Callable[[str], bool],
        patience: Patience,
    ) -> None:
        #: How many final statuses were compared, how many calls were heard of, and how many of the refusals.
        self._compared = self._called = self._refused = 0
        #: How many notifications of a page were compared.
        self._notified: dict[int, int] = {}
        super().__init__(session, scenario, binding, patience)

    def play(self, act: Act) -> None:
        super().play(act)
        for final in self.model.statuses[self._compared :]:
            self._compared += 1
            self._compare_status(final)
        self._compare_refusals()
        for page in self.model.pages:
            self._compare_notifications(page)

    def _new_model(self, scenario: Scenario, dialect: str) -> TaipyModel:
        return TaipyModel.opened(scenario)

    def _deliver(self, page: Page) -> None:
        """A server that pushes holds nothing back."""

    def _calls(self) -> list[Event | None]:
        """For each call of a status function, what it has received; None for one that receives only the state."""
        calls: list[Event | None] = []
        latest: dict[str, Event] = {}
        for event in self._session.timeline:
            if event.what == "status":
                latest[event.source] = event
            elif event.what == "called":
                calls.append(latest.pop(event.source, None))
        return calls

    def _compare_status(self, final: FinalStatus) -> None:
        action = self.model.runs[final.run].callback
        job = action.name
        ids = final.requirements
        if not self._awaited(lambda: len(self._calls()) > self._called, ids):
            self._differs(
                ids, "that it is called", f"the status function of {job} was not called", job
            )
            raise CannotGoOn
        call = self._calls()[self._called]
        self._called += 1
        facts = {} if call is None else call.facts
        for name, allowed in final.parameters.items():
            if name in facts and not allowed.holds(facts[name]):
                expected = " or ".join(map(repr, allowed.values or ()))
                seen = f"{name} of the status function of {job} is {facts[name]!r}"
                ids = allowed.requirements
                if name == "result" and facts[name] in action.status_arguments:
                    ids = ("STATUS-11", *ids)
                self._differs(ids, expected, seen, action.name)

    def _compare_refusals(self) -> None:
        for requirement in self.model.refusals[self._refused :]:
            self._refused += 1
            if not self._awaited(partial(self._is_refused, requirement), (requirement,)):
                expected = "an exception, or the final status False"
                self._differs((requirement,), expected, "the invocation told nobody")
                raise CannotGoOn
            self._called = len(self._calls())
            self._session.controller.ignore_started_so_far()

    def _is_refused(self, requirement: str) -> bool:
        """Whether the invocation has raised or, where that is enough, reported a failure."""
        raised = [event for event in self._session.timeline if event.what == "raised"]
        reported = requirement != "STATUS-29" and len(self._calls()) > self._called
        return len(raised) >= self._refused or reported

    def _compare_notifications(self, page: int) -> None:
        tab, expected = self._pages[page], self.model.pages[page].notifications
        wanted = [Notification(kind, message) for kind, message in expected]
        first = self._notified.get(page, 0)
        if not self._awaited(
            lambda: len(tab.notifications) >= len(wanted), ("STATUS-6",), bool(wanted[first:])
        ):
            self._differs(
                ("STATUS-6",),
                repr(wanted[first:]),
                f"{tab.name} saw {list(tab.notifications)[first:]}",
            )
            raise CannotGoOn
        seen = list(tab.notifications)
        if seen[first:] != wanted[first:]:
            requirement = (
                "ISO-7" if len(seen) > len(wanted) and len(self.model.pages) > 1 else "NOTIFY-2"
            )
            self._differs((requirement,), repr(wanted[first:]), f"{tab.name} saw {seen[first:]}")
            raise CannotGoOn
        self._notified[page] = len(wanted)

    def _awaited(
        self, fact: Callable[[], bool], ids: tuple[str, ...], is_expected: bool = True
    ) -> bool:
        if not is_expected:
            return fact()
        page = next(iter(self._pages.values()))
        return page.wait_until(fact, SHORT_SECONDS) or page.wait_until(fact, self._seconds(ids))
