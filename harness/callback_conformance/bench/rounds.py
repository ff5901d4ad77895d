"""One round: an app of one implementation is started, and measured."""

from __future__ import annotations

import contextlib
import os
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from callback_conformance.adapters import Adapter
from callback_conformance.backends import Backend
from callback_conformance.backends.services import Services
from callback_conformance.bench import crowd, page_times
from callback_conformance.bench.programs import RESULT_OF, program, without_probe
from callback_conformance.processes import WarmProcess
from callback_conformance.processes.port import is_listening, reserved_port
from callback_conformance.session.session import AppSession
from callback_conformance.session.warmup import WARM_UP_SCENARIO

CROWDS = (50, 200)
IDLE_PAGES = 20
TESTS = 10
SETTLED_SECONDS = 0.3  # after which a job has begun, and what was freed is given back
START_SECONDS = 60

#: What was measured, by its name: seconds, bytes, results in a second, or a count.
Figures = dict[str, list[float]]


@dataclass(frozen=True)
class Subject:
    """An implementation on a backend, and what its apps are forked from."""

    adapter: Adapter
    backend: Backend
    warm: WarmProcess
    services: Services

    @contextlib.contextmanager
    def session(self, probed: bool = False) -> Iterator[AppSession]:
        """A session whose programs report to the harness if they are ``probed``."""
        adapter = self.adapter if probed else without_probe(self.adapter)
        dialect = adapter.dialects[0]
        session = AppSession(adapter, dialect, self.backend, "wire", self.warm, self.services)
        try:
            yield session
        finally:
            session.close()


def start(subject: Subject) -> Figures:
    """Until a server listens that its user has started by `python app.py`."""
    with subject.session() as session, reserved_port() as reserved:
        session.open(program(subject.adapter))
        app = session.apps[0]
        port = reserved.getsockname()[1]
        launch = subject.adapter.launch(program(subject.adapter), subject.backend.name)
        words = [word.format(port=port) for word in launch.argv]
        variables = {name: value.format(port=port) for name, value in launch.environment.items()}
        began = time.perf_counter()
        with subprocess.Popen(
            [sys.executable, *words],
            cwd=app.folder,
            env={**os.environ, **app.environment, **variables},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        ) as server:
            while not is_listening(port) and time.perf_counter() < began + START_SECONDS:
                time.sleep(0.005)
            seconds = time.perf_counter() - began
            os.killpg(server.pid, 9)
        return {"start of a server": [seconds]}


def page(subject: Subject) -> Figures:
    """What one page waits for."""
    with subject.session() as session:
        shown = session.open(program(subject.adapter))
        open_page = subject.adapter.bare_page
        if open_page is None:
            return page_times.pushed(shown, partial(_used_by, session))
        with contextlib.closing(open_page(session.apps[0].url)) as bare:
            return page_times.polled(bare, partial(_used_by, session))


def many(subject: Subject) -> Figures:
    """Many pages at once."""
    figures: Figures = {}
    with subject.session() as session:
        shown = session.open(program(subject.adapter))
        for count in CROWDS:
            with contextlib.ExitStack() as opened:
                if open_page := subject.adapter.bare_page:
                    url = session.apps[0].url
                    pages = [
                        opened.enter_context(contextlib.closing(open_page(url)))
                        for _ in range(count)
                    ]
                    rate, lost = crowd.of_polled(pages)
                else:
                    users = [shown.another_user() for _ in range(count)]
                    rate, lost = crowd.of_pushed(users)
                    for user in users:
                        user.close()
            figures[f"{count} pages at once: results in a second"] = [rate]
            figures[f"{count} pages at once: lost"] = [lost]
    return figures


def memory(subject: Subject) -> Figures:
    """What a page that does nothing adds to the memory of server and workers, and what a waiting job adds."""
    with subject.session() as session:
        shown = session.open(program(subject.adapter))
        open_page = subject.adapter.bare_page
        url = session.apps[0].url
        _settled_bytes(subject, session)
        empty = _settled_bytes(subject, session)
        idle = [open_page(url) if open_page else shown.another_user() for _ in range(IDLE_PAGES)]
        with_pages = _settled_bytes(subject, session)
        if open_page:
            bare = open_page(url)
            idle.append(bare)
            bare.trigger("hold", RESULT_OF["hold"], 1)
        else:
            shown.click("hold")
        with_job = _settled_bytes(subject, session)
        for opened in idle:
            opened.close()
    return {
        "memory of an idle page": [(with_pages - empty) / IDLE_PAGES],
        "memory of a job": [float(with_job - with_pages)],
    }


def test(subject: Subject) -> Figures:
    """What a test of the suite costs: an app is opened, its job waits at a gate, its result is shown."""
    before = _used_for_tests(subject.warm), time.perf_counter()
    for _ in range(TESTS):
        with subject.session(probed=True) as session:
            shown = session.open(WARM_UP_SCENARIO)
            shown.click("run")
            shown.next_job().release("gate")
            shown.expect_value("out.children", "done")
    after = _used_for_tests(subject.warm), time.perf_counter()
    used, waited = ((late - early) / TESTS for early, late in zip(before, after, strict=True))
    return {"a test of the suite: CPU": [used], "a test of the suite: wall": [waited]}


#: What can be measured, by its name on the command line.
MEASURES: Mapping[str, Callable[[Subject], Figures]] = {
    "page": page,
    "many": many,
    "start": start,
    "memory": memory,
    "test": test,
}


def _processes(session: AppSession) -> set[int]:
    """Those of the app, of its jobs and of its workers."""
    return session.apps[0].processes().union(*(worker.processes() for worker in session.workers))


def _settled_bytes(subject: Subject, session: AppSession) -> int:
    time.sleep(SETTLED_SECONDS)
    return sum(map(_proportional_bytes, _processes(session) | {subject.warm.pid}))


def _proportional_bytes(pid: int) -> int:
    """A process's memory, where each page counts by its share among the processes that have it."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    share = re.search(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE)
    return int(share.group(1)) * 1024 if share else 0


def _used_by(session: AppSession) -> float:
    return sum(map(_used_seconds, _processes(session)))


def _used_for_tests(warm: WarmProcess) -> float:
    """The processor time of the harness and of the warm process."""
    own = resource.getrusage(resource.RUSAGE_SELF)
    return own.ru_utime + own.ru_stime + _used_seconds(warm.pid)


def _used_seconds(pid: int) -> float:
    """The processor time of a process, and of those that it has started and that have ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")  # fields 14 to 17
