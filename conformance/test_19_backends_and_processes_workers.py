"""SPEC.md, chapter 19: Backends and processes. Here: workers, and the queue from which they take jobs."""

from __future__ import annotations

from typing import Any

import pytest

from callback_conformance.control.job import JobRun
from callback_conformance.control.violation import Violation
from callback_conformance.page import Page
from callback_conformance.plugin import Capability, OpenPage, covers, needs, takes_time
from callback_conformance.scenario import Manager, Workers, announce, arg, give, python

from .outages import (
    BY_ITSELF,
    CANCEL,
    NAME,
    NOTE,
    OUT,
    RUN,
    SECONDS,
    comes_to_an_end,
    returning_word,
)

ONE_PLACE = Workers(processes=1, concurrency=1)
BUSY = ("note.children", "busy", "over")


@needs(Capability.WORKERS)
@covers("WORKER-1")
def test_a_job_is_executed_by_a_worker(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, returning_word())
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    if job.pid not in page.workers.processes():
        raise Violation(f"{job} is executed by no worker")
    job.release("gate", "done")
    page.expect_value("out.children", "done")


@needs(Capability.WORKERS)
@covers("WORKER-1")
def test_a_worker_that_is_started_as_a_user_does_executes_jobs(open_page: OpenPage) -> None:
    typed = Workers(concurrency=2, typed=True)
    page = open_page(RUN, OUT, returning_word(job=BY_ITSELF), workers=typed)
    page.click("run")
    page.next_job().release("gate", "done")
    page.expect_value("out.children", "done")


@needs(Capability.WORKERS)
@covers("BG-9")
def test_one_of_several_workers_executes_a_job_once(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, returning_word(), workers=Workers(processes=2, concurrency=1))
    page.click("run")
    page.next_job().release("gate", "done")
    page.expect_value("out.children", "done")
    page.expect_no_job()


@needs(Capability.CELERY_APP)
@covers("WORKER-2")
def test_a_celery_app_without_a_result_backend_raises(open_page: OpenPage) -> None:
    forgetful = (Manager("manager", keeps_results=False),)
    open_page.expect_error(RUN, OUT, returning_word(), managers=forgetful)
    page = open_page(RUN, OUT, returning_word())
    page.click("run")
    page.next_job().release("gate", "done")
    page.expect_value("out.children", "done")


def taken(open_page: OpenPage, *parts: Any, **more: Any) -> tuple[Page, JobRun, Page]:
    """A page whose job occupies the only place, that job, and the page of another user."""
    callback = returning_word(state="name.value", **more)
    page = open_page(NAME, RUN, OUT, *parts, callback, workers=ONE_PLACE)
    other = page.another_user()
    page.set("name.value", page.user)
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    other.set("name.value", other.user)
    return page, job, other


def lets_go(page: Page, job: JobRun) -> None:
    """The job in the only place ends, and its result is shown."""
    job.release("gate", page.user)
    page.expect_value("out.children", page.user)


@takes_time
@needs(Capability.WORKERS)
@covers("QUEUE-1")
def test_a_worker_with_one_place_executes_one_job_at_a_time(open_page: OpenPage) -> None:
    page, first, other = taken(open_page)
    other.click("run")
    other.go_on_for(seconds=1)  # so that a worker which takes two jobs at once begins the second
    lets_go(page, first)
    second = other.next_job().wait_for_gate("gate")
    facts = [(event.source, event.what) for event in page.events]
    if facts.index((second.source, "starts")) < facts.index((first.source, "returns")):
        raise Violation(f"{second} started while {first} had the only place")
    lets_go(other, second)


@needs(Capability.WORKERS)
@covers("QUEUE-2")
def test_jobs_that_have_no_place_are_executed_in_their_turn(open_page: OpenPage) -> None:
    page, first, other = taken(open_page)
    third = page.another_user()
    third.set("name.value", third.user)
    other.click("run")
    third.click("run")
    lets_go(page, first)
    pages = {waiting.user: waiting for waiting in (other, third)}
    for _ in range(2):
        job = page.next_job().wait_for_gate("gate")
        lets_go(pages.pop(job.arguments["name"]), job)
    page.expect_no_job()


@needs(Capability.WORKERS)
@covers("QUEUE-2")
def test_of_a_queued_job_and_its_newer_run_the_newer_is_shown(open_page: OpenPage) -> None:
    page, first, other = taken(open_page)
    other.set("name.value", "older")
    other.click("run")
    other.network.poll()
    other.set("name.value", other.user)
    other.click("run")
    lets_go(page, first)
    job = other.next_job().wait_for_gate("gate")
    if job.arguments["name"] == "older":
        job.release("gate", "older").wait_for_end()
        job = other.next_job().wait_for_gate("gate")
    lets_go(other, job)


@needs(Capability.WORKERS)
@covers("QUEUE-3")
def test_a_job_that_waits_is_not_shown_as_a_failure(open_page: OpenPage) -> None:
    page, first, other = taken(open_page)
    other.click("run")
    for _ in range(20):
        other.network.poll()
    if other.errors:
        raise Violation(f"{other.name} shows {other.errors[0]} while its job waits for a worker")
    lets_go(page, first)
    lets_go(other, other.next_job())


@needs(Capability.WORKERS)
@covers("QUEUE-4")
def test_while_a_job_waits_the_on_value_holds(open_page: OpenPage) -> None:
    page, first, other = taken(open_page, NOTE, running=[BUSY])
    other.click("run")
    for _ in range(3):
        other.network.poll()
    other.expect_unchanged("note.children", "busy")
    lets_go(page, first)
    lets_go(other, other.next_job())
    other.expect_value("note.children", "over")


@needs(Capability.WORKERS)
@covers("QUEUE-5")
@pytest.mark.parametrize("polled", [False, True], ids=["at once", "after a poll"])
def test_a_queued_job_that_is_cancelled_does_not_start(open_page: OpenPage, polled: bool) -> None:
    page, first, other = taken(open_page, CANCEL, cancel="cancel.n_clicks")
    other.click("run")
    if polled:
        other.network.poll()
    other.click("cancel")
    other.settle()
    lets_go(page, first)
    for _ in range(2):  # whatever the order of the queue, its turn would have come by the second
        page.set("out.children", "before")
        page.click("run")
        job = page.next_job().wait_for_gate("gate")
        if job.arguments["name"] != page.user:
            raise Violation(f"{job} started, and was cancelled before")
        lets_go(page, job)
    other.expect_unchanged("out.children", "before")


@needs(Capability.WORKERS)
@covers("QUEUE-6")
def test_a_job_that_is_triggered_while_no_worker_runs_delivers(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, returning_word())
    page.workers.kill()
    page.click("run")
    page.network.poll()
    page.workers.start()
    page.next_job(SECONDS).release("gate", "done")
    page.expect_value("out.children", "done")


# Workers that are killed, and queues that are emptied.


@needs(Capability.WORKERS)
@covers("OUTAGE-7")
@pytest.mark.parametrize("back", [False, True], ids=["gone", "started again"])
def test_a_page_whose_worker_was_killed_shows_a_failure(open_page: OpenPage, back: bool) -> None:
    page = open_page(RUN, OUT, returning_word())
    page.click("run")
    page.next_job().wait_for_gate("gate")
    page.workers.kill()
    if back:
        page.workers.start()
    settles_or_runs_again(page, has_worker=back)
    if not page.errors:
        page.expect_value("out.children", "again")


def settles_or_runs_again(page: Page, has_worker: bool = False) -> None:
    """The page comes to rest after its worker was killed, or its job is back in the queue and is executed again."""
    try:
        page.settle(SECONDS)
    except Violation as waiting:
        if not has_worker:
            page.workers.start()
        is_executed_again(page, waiting)
        page.settle()


def is_executed_again(page: Page, waiting: Violation) -> None:
    """A worker executes a job again whose worker was killed. If none does, raise ``waiting``."""
    try:
        page.next_job().release("gate", "again").wait_for_end()
    except Violation:
        raise waiting from None


@needs(Capability.WORKERS)
@covers("OUTAGE-8")
def test_a_page_whose_job_was_queued_comes_to_an_end_after_its_worker_was_killed(
    open_page: OpenPage,
) -> None:
    page, _, other = taken(open_page, job=by_name())
    other.click("run")
    other.network.poll()
    page.workers.kill()
    page.workers.start()
    try:
        comes_to_an_end(other, other.user)
    except Violation as waiting:  # the first job may be back in the only place
        is_executed_again(page, waiting)
        comes_to_an_end(other, other.user)


def by_name() -> Any:
    """A job of the first page waits at its gate; that of another goes on."""
    waits = python('probe.gate("gate") if name == "page-1-user" else None')
    return announce("begins") >> waits >> give(arg("name"))


@needs(Capability.QUEUE)
@covers("OUTAGE-9")
def test_a_page_whose_job_was_queued_comes_to_an_end_after_the_queue_was_emptied(
    open_page: OpenPage,
) -> None:
    page, first, other = taken(open_page, job=by_name())
    other.click("run")
    other.network.poll()
    page.workers.queue.empty()
    first.release_if_alive("gate").wait_for_end()
    comes_to_an_end(other, other.user)


@needs(Capability.QUEUE)
@covers("OUTAGE-9")
def test_a_page_whose_job_was_in_the_queue_when_it_was_emptied_comes_to_an_end(
    open_page: OpenPage,
) -> None:
    page = open_page(RUN, OUT, returning_word(job=announce("begins") >> give("done")))
    page.workers.kill()  # so that none has fetched the job beforehand
    page.click("run")
    page.network.poll()
    page.workers.queue.empty()
    page.workers.start()
    comes_to_an_end(page, "done")


@needs(Capability.WORKERS)
@covers("OUTAGE-4")
def test_after_a_worker_was_killed_the_off_value_holds(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, NOTE, returning_word(running=[BUSY]))
    page.click("run")
    page.next_job().wait_for_gate("gate")
    page.workers.kill()
    settles_or_runs_again(page)
    page.expect_unchanged("note.children", "over")


@needs(Capability.WORKERS)
@covers("OUTAGE-5")
def test_after_a_worker_was_killed_a_trigger_runs_a_job(open_page: OpenPage) -> None:
    page = open_page(NAME, RUN, OUT, returning_word(state="name.value"))
    page.click("run")
    page.next_job().wait_for_gate("gate")
    page.workers.kill()
    page.workers.start()
    page.set("name.value", "again")
    page.click("run")
    job = page.next_job(SECONDS)
    if job.arguments["name"] != "again":  # the one whose worker was killed is back in the queue
        job.release("gate", "killed").wait_for_end()
        job = page.next_job(SECONDS)
    job.release("gate", "again")
    page.expect_value("out.children", "again")
