"""Does acts to a real app in the dialect taipy, and compares its pages and its final statuses with the model."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from callback_conformance.explore.player import SHORT_SECONDS, CannotGoOn, Patience, Player
from callback_conformance.explore.status_calls import StatusCall, calls, event_of
from callback_conformance.model.acts import (
    Act,
    Leave,
    LetTimePass,
    LoadByInventedHandle,
    LoadUnconnected,
    Look,
    Overhear,
    Release,
    Reload,
    StrangerEnters,
)
from callback_conformance.model.allowed import Allowed
from callback_conformance.model.invocations import (
    FinalStatus,
    TaipyRun,
    demanding_news,
    is_periodic,
    periodic_parameters,
)
from callback_conformance.model.taipy import TaipyModel
from callback_conformance.page import Notification, Page, Stranger
from callback_conformance.scenario import RUNNING, Action, Scenario, leaves
from callback_conformance.scenario.steps import Assign, Notify
from callback_conformance.session.session import AppSession

FORGETS_SECONDS = 4  # a program that forgets users after one second has noticed by then


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
        #: How many final statuses were compared, how many calls were heard of, how many of the refusals, and
        #: how many exceptions.
        self._compared = self._called = self._refused = self._raised = 0
        #: How many notifications were sent to a page before it was loaded again.
        self._notified_before: dict[int, int] = {}
        self._strangers: dict[int, Stranger] = {}
        super().__init__(session, scenario, binding, patience)

    def play(self, act: Act) -> None:
        self._compare_refusals()  # of what was invoked when the first page was loaded
        super().play(act)
        for final in self.model.statuses[self._compared :]:
            self._compared += 1
            self._compare_status(final)
        self._compare_refusals()
        self._compare_further_calls()
        for page in self.model.pages:
            self._compare_notifications(page)

    def _new_model(self, scenario: Scenario, dialect: str) -> TaipyModel:
        return TaipyModel.opened(scenario)

    @property
    def _actions(self) -> Sequence[Action]:
        return [c for c in self.model.scenario.callbacks if isinstance(c, Action)]

    @property
    def _any_page(self) -> Page:
        """The page of whoever has one open."""
        return self._pages[next(iter(self.model.pages))]

    def _page_of(self, run: Any) -> Page:
        return self._pages.get(run.page) or self._any_page

    # What is done.

    def _do(self, act: Act) -> None:
        match act:
            case LetTimePass():
                self._let_time_pass()
            case Leave(page):
                self._pages[page].close()
                if self.model.scenario.forget_after_seconds is not None:
                    self._any_page.go_on_for(FORGETS_SECONDS)
            case LoadUnconnected():
                self._any_page.network.load_unconnected()
            case Overhear(page):
                self._strangers[page] = self._pages[page].stranger()
                self._strangers[page].page.fence()
            case StrangerEnters(page, prop, entry):
                self._strangers[page].page.set(prop, entry)
            case LoadByInventedHandle(page):
                self._load_by_invented_handle(self._pages[page])
            case Release(number, word, slowly) if self.model.runs[number].is_reported_slowly:
                self._release_and_hold(self.model.runs[number], word, slowly)
            case _:
                super()._do(act)
        if isinstance(act, Reload):
            self._notified_before[act.page] = len(self.model.pages[act.page].notifications)
        if isinstance(act, Look) and act.page in self._strangers:
            self._compare_stranger(act.page)

    def _deliver(self, page: Page) -> None:
        """A server that pushes holds nothing back."""

    def _release_and_hold(self, run: TaipyRun, word: str, slowly: bool) -> None:
        """Let a job return; its status function waits before it has reported that, perhaps for two periods."""
        job, gate = self._jobs[run.number], run.status_gate
        held = self._session.controller.hold(gate)
        if job.gate:
            job.release(job.gate, word)
        self._awaited(lambda: held.hits > 0, self.model.statuses[-1].requirements)
        if slowly:
            self._any_page.go_on_for(2 * _period_seconds(run.callback))
        held.release()
        job.wait_for_rest()

    def _load_by_invented_handle(self, page: Page) -> None:
        [handle] = page.stranger().handles
        own_jobs = sum(action.initial for action in self._actions)
        page.network.load_unconnected(f"{'1' if handle[0] != '1' else '2'}{handle[1:]}")
        unclaimed = self._session.controller.unclaimed
        if page.wait_until(lambda: len(unclaimed()) > own_jobs, SHORT_SECONDS):
            self._differs(("SEC-25",), "no job", f"{unclaimed()[-1]} started")
            raise CannotGoOn

    # Time.

    def _let_time_pass(self) -> None:
        before = len(self._calls())
        running = [run for run in self.model.runs.values() if run.is_running]
        periodic = [run for run in running if is_periodic(run.callback)]
        self._any_page.go_on_for(3 * max(map(_period_seconds, self._actions)))
        for run in periodic:
            self._compare_news(run, before, sum(run.callback == r.callback for r in periodic))

    def _compare_news(self, run: TaipyRun, before: int, count: int) -> None:
        """A running job, one of so many of its action, has reported that it is running since so many calls."""

        def news() -> list[StatusCall]:
            called = self._calls()[before:]
            return [call for call in self._of(run.callback, called) if call.is_of_running_job]

        ids = demanding_news(run)
        job = run.callback.name
        if not self._awaited(lambda: len(news()) >= count, ids):
            self._differs(ids, "a periodic status", f"{job} reported nothing while it ran", job)
            raise CannotGoOn
        for call in news():
            self._compare_parameters(run.callback, periodic_parameters(run.callback), call)
        if count == 1 and run.page in self.model.pages:
            self._compare_shown_news(run.callback, run.page, news())

    def _compare_shown_news(self, action: Action, page: int, news: Sequence[StatusCall]) -> None:
        """What was sent with a periodic status has come before the next but one."""
        tab = self._pages[page]
        assert action.status is not None, "it was called"
        for when, step in action.status.steps:
            if when != RUNNING:
                continue
            if isinstance(step, Notify):
                is_seen = Notification(step.kind, step.message) in tab.notifications
                lacks = [] if is_seen else [f"{tab.name} saw {list(tab.notifications)}"]
                requirement, expected = "PERIOD-6", step.message
            elif isinstance(step, Assign):
                places = leaves(step.properties)
                lacks = [tab.state_of(prop) for prop in places if tab.get(prop) != step.value]
                requirement, expected = "PERIOD-10", str(step.value)
            for seen in lacks:
                after = f"{seen} after {len(news)} periodic statuses"
                self._differs((requirement,), repr(expected), after)

    # What is compared.

    def _calls(self) -> list[StatusCall]:
        return calls(self._session.timeline, self._actions)

    def _of(self, action: Action, called: Sequence[StatusCall]) -> list[StatusCall]:
        assert action.status is not None, "only its status function is called"
        return [call for call in called if call.event == event_of(action.status)]

    def _final_calls(self) -> list[StatusCall]:
        """The calls so far, without those for a job that is running and has a period."""
        periodic = {event_of(a.status) for a in self._actions if a.status and is_periodic(a)}
        return [c for c in self._calls() if not (c.event in periodic and c.is_of_running_job)]

    def _compare_status(self, final: FinalStatus) -> None:
        action = self.model.runs[final.run].callback
        job = action.name
        ids = final.requirements
        if not self._awaited(lambda: len(self._final_calls()) > self._called, ids):
            self._differs(
                ids, "that it is called", f"the status function of {job} was not called", job
            )
            raise CannotGoOn
        call = self._final_calls()[self._called]
        self._called += 1
        self._compare_parameters(action, final.parameters, call)

    def _compare_parameters(
        self, action: Action, parameters: Mapping[str, Allowed], call: StatusCall
    ) -> None:
        received = call.received
        for name, allowed in parameters.items():
            if name in received and not allowed.holds(received[name]):
                expected = " or ".join(map(repr, allowed.values or ()))
                seen = f"{name} of the status function of {action.name} is {received[name]!r}"
                ids = allowed.requirements
                if name == "result" and received[name] in action.status_arguments:
                    ids = ("STATUS-11", *ids)
                self._differs(ids, expected, seen, action.name)

    def _compare_further_calls(self) -> None:
        """No status function is called but for the end of a job, and in the periods before it."""
        if len(self._final_calls()) > self._called and not self.model.refusals:
            running = any(run.is_running for run in self.model.runs.values())
            seen = f"a status function received {self._final_calls()[-1].received}"
            self._differs(("STATUS-4" if running else "STATUS-32",), "that it is not called", seen)
            raise CannotGoOn
        for action in filter(is_periodic, self._actions):
            runs = [run for run in self.model.runs.values() if run.callback == action]
            called = self._of(action, self._calls())
            ends = [call.at for call in called if not call.is_of_running_job]
            if ends and not any(run.is_running for run in runs):
                late = [c for c in called if c.is_of_running_job and c.at > ends[-1]]
                if late:
                    seen = f"the status function of {action.name} received {late[0].received}"
                    self._differs(("PERIOD-3",), "no status after the final one", seen)
                    raise CannotGoOn

    def _compare_stranger(self, page: int) -> None:
        """A stranger was sent nothing of what the page was sent."""
        stranger = self._strangers[page]
        stranger.page.fence()
        texts = [answer.text for answer in stranger.answers]
        words = [w for run in self.model.runs.values() if run.page == page for w in run.words]
        if sent := [word for word in words if any(word in text for text in texts)]:
            seen = f"{stranger.page.name} was sent {sent[0]!r} of {self._pages[page].name}"
            self._differs(("SEC-23",), "nothing", seen)
            raise CannotGoOn

    def _compare_refusals(self) -> None:
        for requirements in self.model.refusals[self._refused :]:
            self._refused += 1
            if not self._awaited(partial(self._is_refused, requirements), requirements):
                expected = "an exception, or the final status False"
                self._differs(requirements, expected, "the invocation told nobody")
                raise CannotGoOn
            if self._exceptions() > self._raised:
                self._raised += 1
            else:
                self._called += 1
            self._session.controller.ignore_started_so_far()

    def _is_refused(self, requirements: tuple[str, ...]) -> bool:
        """Whether the invocation has raised or, where that is enough, reported a failure."""
        may_report = requirements != ("STATUS-29",)
        reported = may_report and len(self._final_calls()) > self._called
        return self._exceptions() > self._raised or reported

    def _exceptions(self) -> int:
        """How many invocations have raised so far."""
        return sum(event.what == "raised" for event in self._session.timeline)

    def _compare_notifications(self, page: int) -> None:
        tab, state = self._pages[page], self.model.pages[page]
        sent = state.notifications[self._notified_before.get(page, 0) :]
        wanted = [Notification(*pair) for pair in sent if pair not in state.repeated]

        def seen() -> list[Notification]:
            shown = tab.notifications
            return [n for n in shown if (n.kind, n.message) not in state.repeated]

        is_due = len(seen()) < len(wanted)
        if not self._awaited(lambda: len(seen()) >= len(wanted), ("STATUS-6",), is_due):
            self._differs(("STATUS-6",), repr(wanted), f"{tab.name} saw {seen()}")
            raise CannotGoOn
        if seen() != wanted:
            ids = (self.model.unbidden_notification(page),)
            self._differs(ids, repr(wanted), f"{tab.name} saw {seen()}")
            raise CannotGoOn

    def _awaited(
        self, fact: Callable[[], bool], ids: tuple[str, ...], is_expected: bool = True
    ) -> bool:
        if not is_expected:
            return fact()
        page = self._any_page
        return page.wait_until(fact, SHORT_SECONDS) or page.wait_until(fact, self._seconds(ids))


def _period_seconds(action: Action) -> float:
    """The period of an action; of one without, the shortest that every implementation honours."""
    return (action.period_ms or 500) / 1000
