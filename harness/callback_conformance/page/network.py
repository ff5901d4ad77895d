"""The network between a page and its server: polls, and answers that are late, lost or refused."""

from __future__ import annotations

import threading
from collections.abc import Callable

from callback_conformance.control.timeline import Timeline
from callback_conformance.control.violation import Violation
from callback_conformance.page.open_tab import OpenTab
from callback_conformance.page.tab import PollingTab, PushedTab


class Network:
    """What goes between a page and its server."""

    def __init__(self, timeline: Timeline, page: str, open_tab: OpenTab) -> None:
        self._timeline = timeline
        self._page = page
        self._open_tab = open_tab

    def poll(self) -> None:
        """Poll once for each job that the page waits for."""
        self._open_tab.tab.poll()

    def poll_in_flight(self) -> threading.Thread:
        """Send the polls without waiting until no job moves, in a thread; join it later."""
        return self.in_flight(self._open_tab.polling.poll_at_once)

    def in_flight(self, act: Callable[[], None]) -> threading.Thread:
        """Act in a thread, because the request is to be held on the server; join it later."""
        thread = threading.Thread(target=act)
        thread.start()
        return thread

    def hold_answers(self) -> None:
        """From now on the server's answers are on their way, until they are delivered."""
        self._open_tab.polling.hold_answers()

    def deliver_answers(self) -> None:
        """Let the held answers arrive."""
        self._open_tab.polling.deliver_answers()

    def delay_answers(self) -> None:
        """From now on each answer takes longer than the interval: a page that polls before it has an answer has
        several polls under way."""
        self._open_tab.polling.delay_answers()

    def be_patient(self, seconds: float) -> None:
        """From now on a page that polls waits so long for an answer, because its server has many to give at once."""
        if isinstance(self._open_tab.tab, PollingTab):
            self._open_tab.tab.be_patient(seconds)

    def polls_within(self, seconds: float) -> int:
        """Let the page poll by itself for so long; return how often it polls."""
        before = self._requests()
        self._open_tab.polling.poll_by_itself(seconds)
        return self._requests() - before

    def lose_next_poll(self) -> None:
        """Cut the connection of the next poll before its answer arrives."""
        self._open_tab.polling.lose_next_poll()

    def refuse_next_poll(self) -> None:
        """Answer the next poll with 502, as something between the page and the server may."""
        self._open_tab.polling.refuse_next_poll()

    def disconnect(self) -> None:
        """From now on each request fails: nobody listens."""
        self._open_tab.polling.server_goes_away()

    def reconnect(self, url: str) -> None:
        """The server listens again, at this address."""
        self._open_tab.polling.server_comes_back(url)

    def load_unconnected(self, named: str = "") -> None:
        """A new user's browser loads the page, or one that says to be that of the user ``named`` by this handle;
        the connection by which the server would push is late, or blocked by a proxy. Raises TypeError for a page
        that polls."""
        tab = self._open_tab.tab
        if not isinstance(tab, PushedTab):
            raise TypeError(f"{type(tab).__name__} has no connection for what is pushed")
        tab.load_unconnected(named)

    def wait_for_answer(self) -> None:
        """Wait until the page has an answer to what its user did last."""
        if not self._open_tab.until(self._is_answered):
            raise Violation(f"{self._page} had no answer to what its user did last")
        if "loses" in self._events_since_act():  # it waited in vain, and may have sent it again
            raise Violation(f"{self._page} lost a request before it had an answer")

    def _requests(self) -> int:
        events = (event for event in self._timeline if event.what == "asks")
        return sum(event.source == self._page for event in events)

    def _is_answered(self) -> bool:
        return bool({"hears", "answered"} & self._events_since_act())

    def _events_since_act(self) -> set[str]:
        events = [event.what for event in self._timeline if event.source == self._page]
        acts = max((i for i, what in enumerate(events) if what == "acts"), default=0)
        return set(events[acts:])
