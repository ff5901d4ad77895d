"""SPEC.md, chapter 19: Backends and processes. Here: outages of the store."""

from __future__ import annotations

import pytest

from callback_conformance.page import Page
from callback_conformance.plugin import Capability, OpenPage, covers, needs
from callback_conformance.scenario import arg, give

from .outages import (
    BY_ITSELF,
    MAY_FILL,
    NAME,
    NOTE,
    OUT,
    RUN,
    SECONDS,
    comes_to_an_end,
    returning_word,
)

BUSY = ("note.children", "busy", "over")

EMPTIED = {
    "while the job runs": (False, False),
    "while the job runs, and the page polls": (True, False),
    "after the job has ended": (False, True),
}
each_moment = pytest.mark.parametrize(("polls", "ended"), EMPTIED.values(), ids=EMPTIED)


def is_emptied(page: Page, polls: bool, ended: bool) -> None:
    """The store is emptied while the page waits for a result, which is ``done``."""
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    if ended:
        job.release("gate", "done").wait_for_end()
    page.server.store.empty()
    if polls:
        page.network.poll()
    job.release_if_alive("gate", "done").wait_for_end()


@needs(Capability.EMPTIABLE_STORE)
@covers("OUTAGE-1")
@each_moment
def test_a_page_comes_to_an_end_after_the_store_was_emptied(
    open_page: OpenPage, polls: bool, ended: bool
) -> None:
    page = open_page(RUN, OUT, returning_word())
    is_emptied(page, polls, ended)
    comes_to_an_end(page, "done")


def is_full_at_the_end(page: Page) -> None:
    """The store is full when a job ends that returns ``done``."""
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.server.store.fill()
    job.release("gate", "done").wait_for_end()


def is_full_at_the_trigger(page: Page) -> None:
    """The store is full when a job is triggered that returns ``done``."""
    page.server.store.fill()
    page.click("run")


@needs(Capability.FILLABLE_STORE)
@covers("OUTAGE-2")
def test_a_page_whose_job_ends_while_the_store_is_full_comes_to_an_end(
    open_page: OpenPage,
) -> None:
    page = open_page(RUN, OUT, returning_word(), managers=MAY_FILL)
    is_full_at_the_end(page)
    comes_to_an_end(page, "done")


@needs(Capability.FILLABLE_STORE)
@covers("OUTAGE-3")
def test_a_page_that_triggers_while_the_store_is_full_comes_to_an_end(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, returning_word(job=give("done {n_clicks}")), managers=MAY_FILL)
    page.click("run")
    page.next_job()
    page.expect_value("out.children", "done 1")
    is_full_at_the_trigger(page)
    comes_to_an_end(page, "done 2")


@needs(Capability.EMPTIABLE_STORE)
@covers("OUTAGE-4")
@each_moment
def test_after_the_store_was_emptied_the_off_value_holds(
    open_page: OpenPage, polls: bool, ended: bool
) -> None:
    page = open_page(RUN, OUT, NOTE, returning_word(running=[BUSY]))
    is_emptied(page, polls, ended)
    page.settle(SECONDS)
    page.expect_unchanged("note.children", "over")


@needs(Capability.FILLABLE_STORE)
@covers("OUTAGE-4")
def test_after_a_job_has_ended_while_the_store_was_full_the_off_value_holds(
    open_page: OpenPage,
) -> None:
    page = open_page(RUN, OUT, NOTE, returning_word(running=[BUSY]), managers=MAY_FILL)
    is_full_at_the_end(page)
    page.settle(SECONDS)
    page.expect_unchanged("note.children", "over")


@needs(Capability.FILLABLE_STORE)
@covers("OUTAGE-4")
def test_after_a_trigger_while_the_store_was_full_the_off_value_holds(
    open_page: OpenPage,
) -> None:
    page = open_page(
        RUN, OUT, NOTE, returning_word(running=[BUSY], job=give("done")), managers=MAY_FILL
    )
    is_full_at_the_trigger(page)
    page.settle(SECONDS)
    page.expect_unchanged("note.children", "over")


def runs_again(page: Page) -> None:
    """A new trigger runs a job, and its result is shown."""
    page.fence()
    page.set("out.children", "before")
    page.click("run")
    page.next_job().release("gate", "again")
    page.expect_value("out.children", "again")


@needs(Capability.EMPTIABLE_STORE)
@covers("OUTAGE-5")
@each_moment
def test_after_the_store_was_emptied_a_trigger_runs_a_job(
    open_page: OpenPage, polls: bool, ended: bool
) -> None:
    page = open_page(RUN, OUT, returning_word())
    is_emptied(page, polls, ended)
    runs_again(page)


@needs(Capability.EMPTIABLE_STORE)
@covers("OUTAGE-5")
def test_a_page_that_waited_for_nothing_runs_a_job_after_the_store_was_emptied(
    open_page: OpenPage,
) -> None:
    page = open_page(RUN, OUT, returning_word())
    page.server.store.empty()
    runs_again(page)


@needs(Capability.FILLABLE_STORE)
@covers("OUTAGE-5")
def test_after_the_store_was_full_a_trigger_runs_a_job(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, returning_word(), managers=MAY_FILL)
    is_full_at_the_end(page)
    page.server.store.make_room()
    runs_again(page)


@needs(Capability.FILLABLE_STORE)
@covers("OUTAGE-5")
def test_after_a_trigger_while_the_store_was_full_a_trigger_runs_a_job(
    open_page: OpenPage,
) -> None:
    callback = returning_word(state="name.value", job=give(arg("name")))
    page = open_page(NAME, RUN, OUT, callback, managers=MAY_FILL)
    page.set("name.value", "once")
    page.server.store.fill()
    page.click("run")
    page.fence()
    page.server.store.make_room()
    page.set("name.value", "again")
    page.click("run")
    page.expect_value("out.children", "again")


@needs(Capability.EMPTIABLE_STORE)
@covers("OUTAGE-6")
@pytest.mark.parametrize("first", ["older", "newer"])
def test_after_the_store_was_emptied_each_page_shows_no_result_but_its_own(
    open_page: OpenPage, first: str
) -> None:
    page = open_page(NAME, RUN, OUT, returning_word(state="name.value"))
    other = page.another_user()
    page.set("name.value", page.user)
    page.click("run")
    older = page.next_job().wait_for_gate("gate")
    page.server.store.empty()
    other.set("name.value", other.user)
    other.click("run")
    newer = other.next_job().wait_for_gate("gate")
    if first == "older":
        older.release_if_alive("gate", page.user).wait_for_end()
        other.fence()
    newer.release("gate", other.user).wait_for_end()
    page.fence()
    other.expect_value("out.children", other.user)
    older.release_if_alive("gate", page.user).wait_for_end()
    page.fence()
    other.expect_unchanged("out.children", other.user)
    page.expect_never("out.children", other.user)


# A store that stops.

STOPS = {
    "while the job runs": (False, False),
    "while the job runs, and the page polls": (True, False),
    "until the job has ended": (False, True),
}
each_stop = pytest.mark.parametrize(("polls", "ends"), STOPS.values(), ids=STOPS)


def stops(page: Page, polls: bool, ends: bool) -> None:
    """The store stops while the page waits for a result, which is ``done``, and is started again."""
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.server.store.stop()
    if polls:
        page.network.poll()
    if ends:
        job.release_if_alive("gate", "done").wait_for_event_if_alive("returns")
    page.server.store.start_again()
    if not ends:
        job.release_if_alive("gate", "done")


@needs(Capability.STOPPABLE_STORE)
@covers("OUTAGE-10")
@each_stop
def test_a_page_comes_to_an_end_after_the_store_had_stopped(
    open_page: OpenPage, polls: bool, ends: bool
) -> None:
    page = open_page(RUN, OUT, returning_word(job=BY_ITSELF), own_services=True)
    stops(page, polls, ends)
    comes_to_an_end(page, "done")


@needs(Capability.STOPPABLE_STORE)
@covers("OUTAGE-4")
@each_stop
def test_after_the_store_had_stopped_the_off_value_holds(
    open_page: OpenPage, polls: bool, ends: bool
) -> None:
    page = open_page(
        RUN, OUT, NOTE, returning_word(running=[BUSY], job=BY_ITSELF), own_services=True
    )
    stops(page, polls, ends)
    page.settle(SECONDS)
    page.expect_unchanged("note.children", "over")


@needs(Capability.STOPPABLE_STORE)
@covers("OUTAGE-5")
@each_stop
def test_after_the_store_had_stopped_a_trigger_runs_a_job(
    open_page: OpenPage, polls: bool, ends: bool
) -> None:
    page = open_page(RUN, OUT, returning_word(job=BY_ITSELF), own_services=True)
    stops(page, polls, ends)
    runs_again(page)


@needs(Capability.STOPPABLE_STORE)
@covers("OUTAGE-11")
def test_a_page_that_triggers_while_the_store_has_stopped_comes_to_an_end(
    open_page: OpenPage,
) -> None:
    page = open_page(RUN, OUT, returning_word(job=give("done")), own_services=True)
    page.server.store.stop()
    page.click("run")
    page.server.store.start_again()
    comes_to_an_end(page, "done")
