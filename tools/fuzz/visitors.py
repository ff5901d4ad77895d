"""Pages whose users trigger jobs and wait for progress and results, and what a stranger overhears of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from callback_conformance.adapters.taipy.traffic import PUSHED
from callback_conformance.control.job import JobRun
from callback_conformance.control.violation import Violation
from callback_conformance.page import RawRequest
from callback_conformance.scenario import (
    RUNNING,
    SUCCESS,
    Button,
    Callback,
    Component,
    Field,
    Gunicorn,
    Scenario,
    Text,
    arg,
    assign,
    background,
    give,
    invoke,
    report,
    scenario,
    status,
    wait_at,
)
from callback_conformance.session.session import AppSession

SERVER_PROCESSES = 3
PAGES = 3
OVERHEARD = 60  # the newest requests of a stranger's page: of a few acts


def program(dialect: str) -> Scenario:
    """A program whose job shows progress and returns a word of its page."""
    parts: list[Component | Callback] = [
        *(Field("name", ""), Button("run"), Text("out"), Text("bar", "over"))
    ]
    ending = wait_at("gate") >> give(arg("word"))
    if dialect == "taipy":
        shows = [
            assign("bar.children", "goes on", RUNNING),
            assign("bar.children", "over", SUCCESS),
            assign("out.children", arg("result"), SUCCESS),
        ]
        handler = status("state", "status", "result", does=shows)
        job = invoke(
            trigger="run", arguments=("name.value",), job=ending, period_ms=500, status=handler
        )
        return scenario(*parts, job)
    job_callback = background(
        output="out.children",
        inputs="run.n_clicks",
        state="name.value",
        cancel="cancel.n_clicks",
        progress="bar.children",
        progress_default="over",
        job=report("goes on") >> ending,
    )
    return scenario(*parts, Button("cancel"), job_callback, server=Gunicorn(SERVER_PROCESSES))


class Visitors:
    """Several users, each with a page. ``lost`` says what one of them did not get to see."""

    def __init__(self, session: AppSession, dialect: str) -> None:
        first = session.open(program(dialect))
        self.pages = [first, *(first.another_user() for _ in range(PAGES - 1))]
        self._stranger = first.stranger()
        self._last_button = "run" if dialect == "taipy" else "cancel"
        self._controller = session.controller
        self._rounds = 0
        self.results = 0
        self.lost = ""

    def overhear(self) -> Sequence[RawRequest]:
        """Each request that a page of the stranger's sends as its user acts: with its own handles, and with those of
        another page whose job runs."""
        self._work(self._act_as_stranger)
        requests = [
            replace(exchange.request, method="GET", query="after=0")
            if exchange.request.method == PUSHED
            else exchange.request
            for exchange in self._stranger.own_exchanges[-OVERHEARD:]
        ]
        return [request for n, request in enumerate(requests) if request not in requests[:n]]

    def _act_as_stranger(self) -> None:
        self._stranger.take_runs()
        page = self._stranger.page
        page.set("name.value", "a stranger")
        page.fence()
        page.click("run")
        page.fence()
        page.click(self._last_button)

    @contextmanager
    def working(self) -> Iterator[None]:
        """Let all of them work, again and again, as long as the block runs, and end what they have begun."""
        stop = threading.Event()

        def work() -> None:
            try:
                while not stop.is_set():
                    self._work()
            except (Violation, RuntimeError) as missing:
                self.lost = str(missing)

        thread = threading.Thread(target=work)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def _work(self, meanwhile: Callable[[], None] = lambda: None) -> None:
        """Each user triggers a job, sees its progress, and then its result. Raises Violation."""
        self._rounds += 1
        words = {page: f"{page.user} {self._rounds}" for page in self.pages}
        for page, word in words.items():
            page.set("name.value", word)
            page.click("run")
        jobs: dict[str, JobRun] = {}
        while len(jobs) < len(words):
            job = self._controller.next_job()
            name = str(job.arguments.get("name"))
            if name in words.values():
                jobs[name] = job
            else:
                job.release_if_alive("gate", "a stranger's")
        meanwhile()
        for page, word in words.items():
            page.expect_value("bar.children", "goes on")
            jobs[word].release("gate", word)
            page.expect_value("out.children", word)
            page.expect_value("bar.children", "over")
            self.results += 1
            if page.errors:
                raise Violation(f"{page.name} shows {page.errors[0]}")

    def end_strangers_jobs(self) -> None:
        """Let all jobs go on that are no visitor's."""
        while self._controller.unclaimed():
            self._controller.next_job().release_if_alive("gate", "a stranger's")
