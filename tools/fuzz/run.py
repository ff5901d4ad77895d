"""A run on one set-up: odd requests beside pages that work, and what is held against the server."""

from __future__ import annotations

import contextlib
import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus

import psutil
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Flaky

from callback_conformance.control.violation import Violation
from callback_conformance.page import RawRequest
from callback_conformance.processes.liveness import ProcessHandle
from callback_conformance.session.session import AppSession
from tools.fuzz.odd_requests import RECIPES, Recipe
from tools.fuzz.visitors import Visitors
from tools.fuzz.wire import Answer, send

EXAMPLES = 200  # of one round; then requests are overheard anew
WARM_UP = 0.25  # of the time
QUIET_SECONDS, PAUSE_SECONDS = 60.0, 1.0  # a stream whose reader has left is noticed after 10 s
LAST_SECONDS = 0.2  # from the close of its connections to the end of a process
MEMORY_MB = 30
KEPT = 300  # the last requests, which a loss is kept with


@dataclass(frozen=True)
class Sizes:
    """What the processes of a server and its workers take up."""

    processes: frozenset[int]
    descriptors: int
    threads: int
    memory_mb: int

    @classmethod
    def of(cls, session: AppSession) -> Sizes:
        """Those of an app now, of its workers, and of the jobs that run."""
        [app] = session.apps
        pids = app.processes().union(*(worker.processes() for worker in session.workers))
        processes = list(map(psutil.Process, pids))
        memory = sum(
            process.memory_full_info().pss for process in processes
        )  # what is shared, once
        descriptors = sum(process.num_fds() for process in processes)
        threads = sum(process.num_threads() for process in processes)
        return cls(frozenset(pids), descriptors, threads, memory // 2**20)

    def is_within(self, most: Sizes | None) -> bool:
        """Whether these are the same processes, with no more descriptors and threads."""
        if most is None or self.processes != most.processes:
            return False
        return self.descriptors <= most.descriptors and self.threads <= most.threads

    def __str__(self) -> str:
        counts = f"{len(self.processes)} processes, {self.descriptors} descriptors"
        return f"{counts}, {self.threads} threads, {self.memory_mb} MB"


class Run:
    """A run on one set-up. Raises Violation; ``failing`` then holds the recipes that show it."""

    def __init__(self, session: AppSession, dialect: str) -> None:
        self._session = session
        self.visitors = Visitors(session, dialect)
        self._port = session.apps[0].port
        page = send(self._port, Recipe(0, []).of([RawRequest("/", method="GET")], ""))
        self._cookies = page.cookies if page else ""
        self._overheard: Sequence[RawRequest] = ()
        self._servers: dict[int, ProcessHandle] = {}
        #: What has become of the server, so that nothing can be sent any more.
        self._ended = ""
        self._last: deque[Recipe] = deque(maxlen=KEPT)
        self.statuses: Counter[int] = Counter()
        self.failing: Sequence[Recipe] = ()
        self.logs = session.logs

    def send_drawn(self, seed_number: int, seconds: float) -> None:
        """Send what is drawn, for so long: whole rounds, one or more before the sizes are noted and after that."""
        begin = time.monotonic()
        next_seed = self._draw_until(begin + WARM_UP * seconds, seed_number)
        before = self._quiet()
        print(f"  after {self.statuses.total()} requests: {before}", flush=True)
        self._draw_until(begin + seconds, next_seed)
        self._compare(before)

    def _draw_until(self, deadline: float, seed_number: int) -> int:
        while True:
            with self._beside_visitors():
                self._draw(seed_number)
            seed_number += 1
            if time.monotonic() > deadline:
                return seed_number

    def send_recipes(self, recipes: Sequence[Recipe]) -> None:
        """Send those of a file."""
        before = self._quiet()
        with self._beside_visitors():
            for recipe in recipes:
                self._check(recipe)
        self._compare(before)

    def message(self, recipe: Recipe) -> bytes:
        """What a recipe makes of what was overheard last."""
        return recipe.of(self._overheard, self._cookies)

    @contextlib.contextmanager
    def _beside_visitors(self) -> Iterator[None]:
        self._overheard = self.visitors.overhear()
        self._servers = {pid: ProcessHandle(pid) for pid in self._quiet().processes}
        with self.visitors.working():
            yield
        if self._ended:
            raise Violation(self._ended)
        if self.visitors.lost:
            self.failing = list(self._last)
            raise Violation(f"a page beside it lost what it waited for: {self.visitors.lost}")

    def _draw(self, seed_number: int) -> None:
        @seed(seed_number)
        @settings(
            max_examples=EXAMPLES,
            phases=[Phase.generate, Phase.shrink],
            database=None,
            deadline=None,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        )
        @given(RECIPES)
        def each(recipe: Recipe) -> None:
            if not (self._ended or self.visitors.lost):
                self._check(recipe)

        try:
            each()
        except Flaky as flaky:
            causes = list(map(str, getattr(flaky, "exceptions", [flaky])))
            raise Violation(
                f"this was seen once, and not when it was sent again: {causes}"
            ) from None

    def _check(self, recipe: Recipe) -> None:
        """Send it. Raises Violation for what a server may not do."""
        self._last.append(recipe)
        try:
            answer, closed = send(self._port, self.message(recipe)), "the connection is closed"
        except OSError as error:
            answer, closed = None, repr(error)
        seconds = 0 if answer else LAST_SECONDS
        dead = [pid for pid, process in self._servers.items() if process.ends_within(seconds)]
        self.statuses[answer.status if answer else 0] += 1
        if dead:
            self._ended = f"a request ends the processes {dead} of the server"
            self.failing = [recipe]
        elif wrong := self._wrong(answer) if answer else f"a request is not answered: {closed}":
            self.failing = [recipe]
            raise Violation(wrong)

    def _wrong(self, answer: Answer) -> str:
        """What is wrong with an answer; "" if nothing is."""
        if answer.status >= 500 and answer.status != HTTPStatus.NOT_IMPLEMENTED:  # RFC 9112, 6.1
            return f"a request is answered with {answer.status}: {answer.text[:500]}"
        others = [page.name for page in self.visitors.pages if page.user in answer.text]
        return f"a request is answered with what belongs to {others[0]}" if others else ""

    def _quiet(self, most: Sizes | None = None) -> Sizes:
        """The sizes when all that was begun is over: no more than ``most``, if they become so, else steady."""
        give_up = time.monotonic() + QUIET_SECONDS
        earlier = most
        while True:
            self.visitors.end_strangers_jobs()
            time.sleep(PAUSE_SECONDS)
            with contextlib.suppress(psutil.NoSuchProcess):  # one has just ended
                sizes = Sizes.of(self._session)
                if sizes.is_within(earlier) or time.monotonic() > give_up:
                    return sizes
                earlier = most or sizes

    def _compare(self, before: Sizes) -> None:
        after = self._quiet(before)
        print(f"  in the end: {after}", flush=True)
        self.failing = list(self._last)
        if not after.is_within(before):
            raise Violation(f"{before} became {after}, and no fewer within {QUIET_SECONDS:.0f} s")
        if after.memory_mb > before.memory_mb + MEMORY_MB:
            raise Violation(f"{before} became {after}: more than {MEMORY_MB} MB more")
