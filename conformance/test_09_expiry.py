"""SPEC.md, chapter 9: Expiry.

Time is the subject here, and a machine may stall. Where an entry must end, waiting too long does no harm.
Where one must live, the time between its uses is measured: a hit that failed to come is judged only if the
machine was fast enough, and else everything is tried again with another key.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from conformance.cached import CHOICE, OUT, VERSION, by, cached, hit, run, runs
from harness.jobs import Violation
from harness.pages import Page
from harness.plugin import OpenPage, covers, takes_time
from harness.scenario import Field, Manager, Text

TRIES = 5  # of a premise that a slow machine did not let come true
MARGIN = 1.0  # seconds that an entry may live too long, and that it is used before its end


class TooSlow(Exception):
    """An entry could not be used in time."""


class Uses:
    """The uses of one entry, so that it is known how old it was at most when it was used again."""

    def __init__(self, expire_seconds: float) -> None:
        self._lives = expire_seconds - MARGIN
        self._last = time.monotonic()

    def stored(self, page: Page, key: str, word: str) -> None:
        """Store the result ``word`` under ``key``."""
        page.set("choice.value", key)
        job = page.next_job().reaches("gate")
        self._last = time.monotonic()  # before the result can have been stored
        job.release("gate", word)
        page.shows("out.children", word)

    def used_after(self, seconds: float, page: Page, key: str, word: str) -> None:
        """After so many seconds, the entry is used again; or raise TooSlow if that took too long."""
        page.asks_nothing_for(seconds)
        began = time.monotonic()
        try:
            hit(page, key, word)
        except Violation as failed:
            if time.monotonic() - self._last > self._lives:
                page.next_job().release("gate", "too late")
                page.shows("out.children", "too late")
                raise TooSlow from failed
            raise
        self._last = began


def judged(premise: Callable[[str], None]) -> None:
    """Try a premise with a key of its own until the machine is fast enough for it."""
    for attempt in range(TRIES):
        try:
            return premise(f"key {attempt}")
        except TooSlow:
            continue
    pytest.skip(f"the machine was too slow for it {TRIES} times")


@takes_time
@covers("EXPIRE-1")
def test_a_result_that_was_not_used_for_so_long_is_used_no_more(open_page: OpenPage) -> None:
    page = open_page(CHOICE, OUT, cached(), managers=by(expire_seconds=1))
    run(page, "A", "first")
    page.asks_nothing_for(1 + MARGIN)
    run(page, "A", "second")


@takes_time
@covers("EXPIRE-2")
def test_a_hit_restarts_the_time_of_its_entry(open_page: OpenPage) -> None:
    page = open_page(CHOICE, OUT, cached(), managers=by(expire_seconds=2))

    def lives_on(key: str) -> None:
        uses = Uses(expire_seconds=2)
        uses.stored(page, key, "first")
        for _ in range(5):  # for three seconds, one more than it would live without
            uses.used_after(0.6, page, key, "first")

    judged(lives_on)


@takes_time
@covers("EXPIRE-3")
def test_a_result_that_no_page_has_fetched_expires(open_page: OpenPage) -> None:
    page = open_page(CHOICE, OUT, cached(), managers=by(expire_seconds=1))
    page.set("choice.value", "A")
    job = page.next_job().reaches("gate")
    page.close()
    job.release_if_alive("gate", "not fetched").ends()
    other = page.another_user()
    other.asks_nothing_for(1 + MARGIN)
    run(other, "A", "wanted")


@takes_time
@covers("EXPIRE-4")
def test_a_hit_leaves_the_time_of_another_entry(open_page: OpenPage) -> None:
    page = open_page(CHOICE, OUT, cached(), managers=by(expire_seconds=3))
    run(page, "A", "first")
    last_used = time.monotonic()
    run(page, "B", "other")
    page.asks_nothing_for(1.8)
    page.set("choice.value", "B")
    try:
        page.hits("out.children", "other")
    except Violation:  # whether it is a hit, other tests decide
        runs(page, "other again")
    page.asks_nothing_for(last_used + 3 + MARGIN - time.monotonic())
    run(page, "A", "second")


@covers("EXPIRE-5")
def test_expire_alone_caches_nothing(open_page: OpenPage) -> None:
    plain = (Manager("manager", expire_seconds=60),)
    page = open_page(CHOICE, OUT, cached(), managers=plain)
    run(page, "A", "a")
    run(page, "B", "b")
    run(page, "A", "a again")


@takes_time
@covers("EXPIRE-6")
def test_a_page_that_asks_late_is_shown_its_result(open_page: OpenPage) -> None:
    caches, plain = (
        Manager("caches", cache_by=VERSION, expire_seconds=1),
        Manager("plain", expire_seconds=1),
    )
    another = cached(
        output="there.children", inputs="go.value", manager="plain", name="another_job"
    )
    parts = (CHOICE, OUT, Field("go"), Text("there", "before"), cached(), another)
    page = open_page(*parts, managers=(caches, plain))
    for prop, word in (("choice.value", "cached"), ("go.value", "not cached")):
        page.set(prop, "A")
        page.next_job().release("gate", word).ends()
    page.asks_nothing_for(1.5)
    page.shows("out.children", "cached")
    page.shows("there.children", "not cached")


@takes_time
@covers("EXPIRE-7")
def test_a_job_that_outlasts_the_expiry_delivers_its_result(open_page: OpenPage) -> None:
    page = open_page(CHOICE, OUT, cached(), managers=by(expire_seconds=1))
    page.set("choice.value", "A")
    job = page.next_job().reaches("gate")
    page.goes_on_for(1.5)
    job.release("gate", "late")
    page.shows("out.children", "late")
