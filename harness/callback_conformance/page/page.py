"""A user's page as tests see it: acts, and assertions that wait for facts."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from typing import Any

from callback_conformance.backends.service import Service
from callback_conformance.backends.stores import Store
from callback_conformance.control.controller import (
    WAIT_SECONDS,
    Held,
    Job,
    JobController,
    Violation,
)
from callback_conformance.control.timeline import Event, Timeline
from callback_conformance.page.host import Host
from callback_conformance.page.tab import Notification, PollingTab, Tab, TabError

PATIENCE_SECONDS = 2.0  # of a page that may wait for much longer; then it asks less often
PAUSE_SECONDS = 0.1
LAST_CHANCE_SECONDS = (
    1.0  # for a job that was started although its trigger was answered by an error
)


class Page:
    """One user's tab of the app under test.

    ``user`` is a word of this page alone: put it into what the user types, and the suite's invariants
    hold that no other page ever shows it.
    """

    def __init__(
        self,
        tab: Tab,
        timeline: Timeline,
        controller: JobController,
        name: str,
        host: Host,
        login: str = "",
    ) -> None:
        self.tab = tab
        self.name = name
        self.login = login
        self.user = f"{name}-user"
        self._timeline = timeline
        self._controller = controller
        self._host = host
        self._errors_before = 0

    # Acts of the user.

    def click(self, component: str) -> None:
        """Click a button."""
        self._errors_before = len(self.tab.errors)
        self.tab.click(component)

    def set(self, prop: str, value: Any) -> None:
        """Type ``value`` into a field."""
        self._errors_before = len(self.tab.errors)
        self.tab.set(prop, value)

    def reload(self) -> None:
        """Load the page again, as the same user in the same tab."""
        self.tab.close()
        self.tab = self._host.reopen(self)

    def close(self) -> None:
        """Close the tab."""
        self.tab.close()

    def another_user(self, login: str = "") -> Page:
        """The page of another user of the same app, or of one who is logged in as ``login`` in a browser
        of their own."""
        return self._host.another(login, None)

    def another_tab(self) -> Page:
        """A second page of the same user in the same browser."""
        return self._host.another(self.login, self.tab)

    # What happens behind it.

    def next_job(self, seconds: float | None = None) -> Job:
        """Wait for the first job that started and was not asked for yet. Where the page shows an error
        since its user's last act, none is to be expected any more."""
        news = self.tab.errors[self._errors_before :]
        try:
            return self._controller.next_job(LAST_CHANCE_SECONDS if news else seconds)
        except Violation as missing:
            shown = f", and {self.name} shows {news[0]}" if news else ""
            raise Violation(f"{missing}{shown}") from None

    @contextlib.contextmanager
    def starting_no_job(self) -> Iterator[None]:
        """What is done meanwhile starts no job: seen before the page asks for news, because a process that
        was started for nothing may be killed as soon as it does."""
        before = self._host.processes()
        yield
        give_up = time.monotonic() + WAIT_SECONDS
        while self._host.processes() - before - {job.pid for job in self._controller.jobs}:
            if time.monotonic() > give_up:
                break  # a process that runs no function of a callback
            self._timeline.wait_for(lambda: False, 0.002)
        self._none_unclaimed()

    def no_job_has_started(self) -> None:
        """Every job that started was asked for by the test, so none started unbidden."""
        self.fence()
        self._none_unclaimed()

    def _none_unclaimed(self) -> None:
        if extra := self._controller.unclaimed():
            raise Violation(f"{extra[0]} started, and no job was to start")

    def restart_server(self) -> None:
        """Stop the server with all that it has started, and start it anew in its folder. It gets another
        address: pages find it when they are loaded (again)."""
        self._host.restart()

    def server_goes_away(self) -> None:
        """The server is killed. Its jobs are left alone, and pages ask in vain."""
        self._host.stop_server()

    def server_comes_back(self) -> None:
        """The server is started again in its folder, and the pages that are open find it."""
        self._host.start_server()

    def server_process_dies(self, source: str) -> None:
        """One of several server processes, ``server-<process id>``, is killed. Its jobs are left alone."""
        self._host.kill_process(int(source.removeprefix("server-")))

    @property
    def store(self) -> Store:
        """Where the backend keeps what jobs leave: to be emptied, or filled."""
        return self._host.store

    @property
    def queue(self) -> Service:
        """Where jobs wait for a worker: a service, to be emptied."""
        return self._host.queue

    def workers_die(self) -> None:
        """All workers are killed, with all their processes, and so with their jobs."""
        self._host.kill_workers()

    def workers_come_back(self) -> None:
        """The workers are started again, and are ready."""
        self._host.start_workers()

    def worker_processes(self) -> Set[int]:
        """The processes of all workers."""
        return self._host.worker_processes()

    def repeat_last_request(self) -> str:
        """Ask once more for what was asked last; return the body of the answer."""
        return self.polling.repeat_last_request()

    def change_file(self, name: str, text: str) -> None:
        """Change a file in the app's folder; its modification time is a second later than before."""
        file = self._host.folder / name
        modified = file.stat().st_mtime + 1
        file.write_text(text, encoding="utf-8")
        os.utime(file, (modified, modified))

    @property
    def timeline(self) -> Timeline:
        """What was seen so far, in order."""
        return self._timeline

    def said(self, word: str) -> list[Event]:
        """What the app's functions said with ``word`` so far, whichever process or thread ran them."""
        return [event for event in self._timeline if event.what == word]

    def waits_for(self, word: str, holds: Callable[[Event], bool] = lambda event: True) -> Event:
        """Wait until a function of the app has said ``word`` so that ``holds`` of it; return that."""
        found: list[Event] = []

        def seen() -> bool:
            found[:] = [event for event in self.said(word) if holds(event)]
            return bool(found)

        if not self._until(seen) and not self._timeline.wait_for(seen, WAIT_SECONDS):
            raise Violation(f"nobody said {word!r} so; heard: {[str(e) for e in self.said(word)]}")
        return found[0]

    def servers(self, word: str) -> Set[str]:
        """The server processes that have said ``word``, as ``server-<process id>``."""
        return {e.source for e in self._timeline if e.what == word}

    def hold(self, point: str) -> Held:
        """Hold whoever passes ``point`` (``manager read``, say) until released."""
        return self._controller.hold(point)

    def poll(self) -> None:
        """Poll once for each job that this page waits for."""
        self.tab.poll()

    def in_flight(self, act: Callable[[], None]) -> threading.Thread:
        """Do something in a thread, because its request is to be held on the server; join it later."""
        thread = threading.Thread(target=act)
        thread.start()
        return thread

    def poll_in_flight(self) -> threading.Thread:
        """Send the polls without waiting until no job moves, in a thread."""
        return self.in_flight(self.polling.poll_at_once)

    def hold_answers(self) -> None:
        """From now on the server's answers are on their way, until they are delivered."""
        self.polling.hold_answers()

    def deliver_answers(self) -> None:
        """Let the held answers arrive."""
        self.polling.deliver_answers()

    def lose_next_poll(self) -> None:
        """The connection of the next poll is cut before its answer arrives."""
        self.polling.lose_next_poll()

    def refuse_next_poll(self) -> None:
        """The next poll is answered with 502 by something between the page and the server."""
        self.polling.refuse_next_poll()

    @property
    def polling(self) -> PollingTab:
        """The tab of a page that asks for news."""
        assert isinstance(self.tab, PollingTab), f"{type(self.tab).__name__} does not poll"
        return self.tab

    def is_answered(self) -> None:
        """Wait until the page has an answer to what its user did last."""
        if not self._until(self._answered):
            raise Violation(f"{self.name} had no answer to what its user did last")

    def _answered(self) -> bool:
        mine = [e.what for e in self._timeline if e.source == self.name]
        acts = max((i for i, what in enumerate(mine) if what == "acts"), default=-1)
        return bool({"hears", "answered"} & set(mine[acts:]))

    def fence(self) -> None:
        """Return when all that the server had sent, and its functions said, is in the timeline."""
        self.tab.fence()
        self._controller.catch_up()

    def settle(self, seconds: float | None = None) -> None:
        """Let the page go on until it waits for nothing."""
        seconds = WAIT_SECONDS if seconds is None else seconds
        if not self._until(lambda: False, stop_when_idle=True, seconds=seconds):
            self._controller.catch_up()
            return
        raise Violation(f"{self.name} still waited for an answer after {seconds:.0f} s")

    def goes_on_for(self, seconds: float) -> None:
        """Let time pass, because time is the subject, while the page does what it does."""
        give_up = time.monotonic() + seconds
        while (left := give_up - time.monotonic()) > 0:
            if not self.tab.advance():
                threading.Event().wait(left)

    def asks_nothing_for(self, seconds: float) -> None:
        """Let time pass, because time is the subject, while the page asks for nothing."""
        threading.Event().wait(seconds)

    # What the user sees.

    def get(self, prop: str) -> Any:
        """The property's value now."""
        return self.tab.get(prop)

    def shows(self, prop: str, value: Any) -> None:
        """Wait until the property has this value."""
        if not self._until(lambda: same(self.get(prop), value)):
            raise Violation(f"{prop} is {self.get(prop)!r} on {self.name}; expected {value!r}")

    def hits(self, prop: str, value: Any) -> None:
        """Wait until the property has this value, a stored result. A job that waits at a gate, and still does
        after the page has asked for news, is one whose result the page lacks."""
        self._until(lambda: same(self.get(prop), value) or bool(self._at_gates()))
        for _ in range(2):
            if not same(self.get(prop), value):
                self.poll()
        if not same(self.get(prop), value) and (needed := self._at_gates()):
            seen = f"{prop} is {self.get(prop)!r} on {self.name}"
            raise Violation(f"{seen}; expected the stored {value!r}, and {needed[0]} runs instead")
        self.shows(prop, value)
        self._controller.pass_over()  # whether a job was started for nothing is another question

    def _at_gates(self) -> list[Job]:
        """Jobs that no one has asked for and that wait to be released."""
        return [job for job in self._controller.unclaimed() if job.gate and not job.ended]

    def shows_where(self, prop: str, holds: Callable[[Any], bool], expected: str) -> None:
        """Wait until ``holds`` of the property's value; ``expected`` says what it means."""
        if not self._until(lambda: holds(self.get(prop))):
            raise Violation(f"{prop} is {self.get(prop)!r} on {self.name}; expected {expected}")

    def shows_still(self, prop: str, value: Any) -> None:
        """After a fence, the property has this value."""
        self.fence()
        if not same(self.get(prop), value):
            raise Violation(
                f"{prop} is {self.get(prop)!r} on {self.name}; expected {value!r} still"
            )

    def history(self, prop: str) -> list[Any]:
        """The values that the property was given since the page was opened, in order."""
        events = [e for e in self._timeline if e.source == self.name and e.what == "shows"]
        return [e.facts["value"] for e in events if e.facts["prop"] == prop]

    def never_showed(self, prop: str, value: Any) -> None:
        """After a fence, the property was never given this value."""
        self.fence()
        if any(same(seen, value) for seen in self.history(prop)):
            raise Violation(f"{prop} was {value!r} on {self.name} and must never be")

    def notifies(self, kind: str, message: str) -> None:
        """Wait until the user was notified so."""
        wanted = Notification(kind, message)
        if not self._until(lambda: wanted in self.notifications):
            raise Violation(f"{self.name} saw {list(self.notifications)}; expected {wanted}")

    @property
    def notifications(self) -> Sequence[Notification]:
        """The notifications shown so far."""
        return self.tab.notifications

    def fails(self) -> TabError:
        """Wait until the page has met an error that it shows; return the first."""
        if not self._until(lambda: bool(self.tab.errors)):
            raise Violation(f"{self.name} showed no error; expected that it tells of the failure")
        return self.tab.errors[0]

    @property
    def errors(self) -> Sequence[TabError]:
        """The errors met so far."""
        return self.tab.errors

    def _until(
        self, fact: Callable[[], bool], stop_when_idle: bool = False, seconds: float | None = None
    ) -> bool:
        """Let the page go on until ``fact``; False when it cannot become true any more."""
        give_up = time.monotonic() + (WAIT_SECONDS if seconds is None else seconds)
        while not fact():
            if not self.tab.advance():
                return fact()
            left = give_up - time.monotonic()
            if left < 0:
                return stop_when_idle or fact()
            if left < (seconds or 0) - PATIENCE_SECONDS:
                threading.Event().wait(PAUSE_SECONDS)
        return True


def same(seen: Any, expected: Any) -> bool:
    """Equal, and of the same kind: ``True`` is not ``1``, on whatever level."""
    if isinstance(seen, bool) or isinstance(expected, bool):
        return seen is expected
    if isinstance(seen, (list, tuple)) and isinstance(expected, (list, tuple)):
        return len(seen) == len(expected) and all(map(same, seen, expected))
    if isinstance(seen, Mapping) and isinstance(expected, Mapping):
        return seen.keys() == expected.keys() and all(same(seen[k], expected[k]) for k in seen)
    return bool(seen == expected)
