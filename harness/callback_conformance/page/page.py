"""A user's page as tests see it: acts of the user, and expectations that wait for facts."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from callback_conformance.control import violation
from callback_conformance.control.controller import JobController
from callback_conformance.control.job import JobRun
from callback_conformance.control.timeline import Timeline
from callback_conformance.control.violation import Violation
from callback_conformance.page.events import Events
from callback_conformance.page.host import Host
from callback_conformance.page.network import Network
from callback_conformance.page.open_tab import OpenTab
from callback_conformance.page.server import Server
from callback_conformance.page.stranger import Stranger
from callback_conformance.page.tab import MissingComponent, Notification, Tab, TabError
from callback_conformance.page.workers import Workers
from callback_conformance.scenario.equality import same

#: For a job that was started although its trigger was answered by an error.
LAST_CHANCE_SECONDS = 1.0


class Page:
    """One user's tab of the app under test.

    The user's acts are verbs. ``wait_for_…`` waits for a fact, ``expect_…`` for what a requirement demands of the
    page; both raise Violation when it does not come. What happens behind the page is in ``server``, ``workers``,
    ``network`` and ``events``.
    """

    def __init__(
        self,
        tab: Tab,
        timeline: Timeline,
        controller: JobController,
        host: Host,
        name: str,
        login: str,
    ) -> None:
        #: Its name in the timeline.
        self.name = name
        #: A word of this page alone: put it into what the user types, and the suite's invariants hold that
        #: no other page ever shows it.
        self.user = f"{name}-user"
        self._login = login
        self._controller = controller
        self._host = host
        self._open_tab = OpenTab(tab)
        #: How many errors the page had shown when its user acted last.
        self._errors_before = 0
        self.server = Server(host, controller)
        self.workers = Workers(host)
        self.network = Network(timeline, name, self._open_tab)
        self.events = Events(timeline, name, self._open_tab)

    @property
    def _tab(self) -> Tab:
        return self._open_tab.tab

    # Acts of the user.

    def click(self, component: str) -> None:
        """Click a button. Raises Violation where the program has it and the page does not."""
        self._errors_before = len(self.errors)
        with self._shown(component):
            self._tab.click(component)

    def set(self, prop: str, value: Any) -> None:
        """Type ``value`` into a field. Raises Violation where the program has it and the page does not."""
        self._errors_before = len(self.errors)
        with self._shown(prop.partition(".")[0]):
            self._tab.set(prop, value)

    @contextlib.contextmanager
    def _shown(self, component: str) -> Iterator[None]:
        try:
            yield
        except MissingComponent as missing:  # of a name that no program has, the test is at fault
            if not self._host.has(component):
                raise
            raise Violation(str(missing)) from missing

    def reload(self) -> None:
        """Load the page again, as the same user in the same tab."""
        self._tab.close()
        self._open_tab.tab = self._host.open_tab(self.name, self._login, self._tab)
        self._errors_before = 0

    def close(self) -> None:
        """Close the tab."""
        self._tab.close()

    def another_user(self, login: str = "") -> Page:
        """The page of another user of the same app, or of one who is logged in as ``login`` in a browser
        of their own."""
        return self._host.another(login, None)

    def another_tab(self) -> Page:
        """A second page of the same user in the same browser."""
        return self._host.another(self._login, self._tab)

    def stranger(self) -> Stranger:
        """Another user of the same app, who has overheard this page."""
        other = self.another_user()
        stranger = Stranger(other, other._open_tab.overheard, self._open_tab.overheard)
        stranger.take_runs()
        return stranger

    # Time passes.

    def fence(self) -> None:
        """Return when all that the server had sent, and probes reported, is in the timeline."""
        self._tab.fence()
        self._controller.catch_up()

    def settle(self, seconds: float | None = None) -> None:
        """Let the page go on until it waits for nothing."""
        seconds = violation.WAIT_SECONDS if seconds is None else seconds
        if self._open_tab.until(lambda: False, stop_when_idle=True, seconds=seconds):
            raise Violation(f"{self.name} still waited for an answer after {seconds:.0f} s")
        self._controller.catch_up()

    def go_on_until_idle(self) -> None:
        """Let the page go on until it waits for nothing, or as long as a fact is awaited: what is asserted after
        it does not presume that the page comes to rest, which is RESULT-18."""
        self._open_tab.until(lambda: False)
        self._controller.catch_up()

    def go_on_for(self, seconds: float) -> None:
        """Let time pass, because time is the subject, while the page does what it does."""
        give_up = time.monotonic() + seconds
        while (left := give_up - time.monotonic()) > 0:
            if not self._tab.advance():
                threading.Event().wait(left)

    def stay_idle_for(self, seconds: float) -> None:
        """Let time pass, because time is the subject, while the page does not poll."""
        threading.Event().wait(seconds)

    # Jobs.

    def next_job(self, seconds: float | None = None) -> JobRun:
        """Wait for the first job that started and that the test has not taken yet. Where the page shows an
        error since its user's last act, none is to be expected any more."""
        news = self.errors[self._errors_before :]
        try:
            return self._controller.next_job(LAST_CHANCE_SECONDS if news else seconds)
        except Violation as missing:
            shown = f", and {self.name} shows {news[0]}" if news else ""
            raise Violation(f"{missing}{shown}") from None

    def expect_no_job(self) -> None:
        """After a fence, the test has taken every job that started, so none started unbidden."""
        self.fence()
        self._controller.expect_none_unclaimed()

    def expect_no_job_until_idle(self) -> None:
        """Let the page go on until it waits for nothing: meanwhile no job starts that the test has not taken."""
        self._open_tab.until(lambda: bool(self._controller.unclaimed()))
        self.expect_no_job()

    # What the user sees.

    def get(self, prop: str) -> Any:
        """The property's value now."""
        return self._tab.get(prop)

    @property
    def notifications(self) -> Sequence[Notification]:
        """The notifications shown so far."""
        return self._tab.notifications

    @property
    def errors(self) -> Sequence[TabError]:
        """The errors met so far."""
        return self._tab.errors

    def expect_value(self, prop: str, value: Any) -> None:
        """Wait until the property has this value."""
        self.expect_where(prop, lambda shown: same(shown, value), repr(value))

    def expect_where(self, prop: str, matches: Callable[[Any], bool], expected: str) -> None:
        """Wait until the property's value ``matches``; ``expected`` says what that means."""
        if not self._open_tab.until(lambda: matches(self.get(prop))):
            raise self._violation(prop, expected)

    def wait_until(self, fact: Callable[[], bool], seconds: float) -> bool:
        """Let the page go on until ``fact`` or for so long; whether it became true."""
        return self._open_tab.until(fact, seconds=seconds)

    def expect_unchanged(self, prop: str, value: Any) -> None:
        """After a fence, the property has this value, whatever it was meanwhile."""
        self.fence()
        if not same(self.get(prop), value):
            raise self._violation(prop, f"{value!r} still")

    def expect_never(self, prop: str, value: Any) -> None:
        """After a fence, the property does not have this value, and was never given it."""
        self.fence()
        if any(same(shown, value) for shown in [*self.events.values_of(prop), self.get(prop)]):
            raise Violation(f"{prop} was {value!r} on {self.name} and must never be")

    def expect_cached(self, prop: str, value: Any) -> None:
        """Wait until the property has this value, a stored result. A job that waits at a gate, and still does
        after the page has polled, is one whose result the page lacks."""
        self._open_tab.until(
            lambda: same(self.get(prop), value) or bool(self._unclaimed_at_gates())
        )
        for _ in range(2):
            if not same(self.get(prop), value):
                self.network.poll()
        if not same(self.get(prop), value) and (jobs := self._unclaimed_at_gates()):
            raise self._violation(prop, f"the stored {value!r}, and {jobs[0]} runs instead")
        self.expect_value(prop, value)
        self._controller.ignore_started_so_far()  # that no job starts for nothing is another requirement

    def _unclaimed_at_gates(self) -> list[JobRun]:
        return [job for job in self._controller.unclaimed() if job.gate and not job.ended]

    def expect_notification(self, kind: str, message: str) -> None:
        """Wait until the user was notified so."""
        expected = Notification(kind, message)
        if not self._open_tab.until(lambda: expected in self.notifications):
            seen = f"{self.name} saw {list(self.notifications)}; expected {expected}"
            raise Violation(seen + self.events.last_answer())

    def expect_error(self) -> TabError:
        """Wait until the page has met an error that it shows; return the first."""
        if not self._open_tab.until(lambda: bool(self.errors)):
            seen = f"{self.name} showed no error; expected one that reports the failure"
            raise Violation(seen + self.events.last_answer())
        return self.errors[0]

    def state_of(self, prop: str) -> str:
        """The property's value now, in words."""
        return f"{prop} is {self.get(prop)!r} on {self.name}"

    def _violation(self, prop: str, expected: str) -> Violation:
        seen = f"{self.state_of(prop)}; expected {expected}"
        return Violation(seen + self.events.last_answer())
