"""SPEC.md, chapter 9: Expiry.

Time is the subject here, and a machine may stall. Where an entry must end, waiting too long does no harm.
Where one must live, the time between its uses is measured: a hit that failed to come counts only if the
machine was fast enough, and else everything is tried again with another key.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from callback_conformance.control.violation import Violation
from callback_conformance.page import Page
from callback_conformance.plugin import OpenPage, covers, takes_time
from callback_conformance.scenario import Field, Manager, Text

from .cached import CHOICE, OUT, VERSION, by, cached, run, runs

TRIES = 5  # of a premise that a slow machine did not fulfil
MARGIN = (
    1.0  # seconds by which an entry may outlive its time, and by which it is used before its end
)


class TooSlow(Exception):
    """An entry could not be used in time."""


class Entries:
    """Entries of one page, and when each was used last: its greatest possible age at its next use."""

    def __init__(self, page: Page, expire_seconds: float) -> None:
        self._page = page
        self._lives = expire_seconds - MARGIN
        self._used: dict[str, float] = {}

    def store(self, key: str) -> None:
        """Store a result under ``key``."""
        self._page.set("choice.value", key)
        job = self._page.next_job().wait_for_gate("gate")
        self._used[key] = time.monotonic()  # before the result can have been stored
        job.release("gate", f"result of {key}")
        self._page.expect_value("out.children", f"result of {key}")

    def use(self, key: str) -> None:
        """Use the entry again; or raise TooSlow if it could not be used in time."""
        began = time.monotonic()
        self._page.set("out.children", "nothing")  # so that it is seen to be shown again
        self._page.set("choice.value", key)
        self._page.network.wait_for_answer()  # by then it was looked up
        age = time.monotonic() - self._used[key]
        try:
            self._page.expect_cached("out.children", f"result of {key}")
        except Violation as failed:
            if age > self._lives:
                runs(self._page, "too late")
                raise TooSlow from failed
            raise
        self._used[key] = began


def until_fast_enough(premise: Callable[[int], None]) -> None:
    """Try a premise, each time with its own keys, until the machine is fast enough for it."""
    for attempt in range(TRIES):
        try:
            return premise(attempt)
        except TooSlow:
            continue
    pytest.skip(f"the machine was too slow for it {TRIES} times")


@takes_time
@covers("EXPIRE-1")
def test_a_result_that_was_not_used_for_so_long_is_used_no_more(open_page: OpenPage) -> None:
    page = open_page(CHOICE, OUT, cached(), managers=by(expire_seconds=1))
    other = page.another_tab()
    run(page, "A", "first")
    page.stay_idle_for(1 + MARGIN)
    run(other, "A", "second")


@takes_time
@covers("EXPIRE-1")
def test_a_result_that_was_not_used_for_so_long_after_a_hit_is_used_no_more(
    open_page: OpenPage,
) -> None:
    page = open_page(CHOICE, OUT, cached(), managers=by(expire_seconds=2))
    other = page.another_tab()

    def expires(attempt: int) -> None:
        entries = Entries(page, expire_seconds=2)
        entries.store(f"{attempt} A")
        try:
            entries.use(f"{attempt} A")
        except Violation:  # other tests decide whether it is a hit
            runs(page, "again")
        page.stay_idle_for(2 + MARGIN)
        run(other, f"{attempt} A", "second")

    until_fast_enough(expires)


@takes_time
@covers("EXPIRE-1")
def test_a_result_is_not_kept_longer_because_others_are_stored(open_page: OpenPage) -> None:
    page = open_page(CHOICE, OUT, cached(), managers=by(expire_seconds=2))
    other = page.another_tab()
    run(page, "A", "first")
    last_used = time.monotonic()
    page.stay_idle_for(1.2)  # shorter than its lifetime, so that it can be used again
    run(page, "B", "another")
    page.stay_idle_for(last_used + 2 + MARGIN - time.monotonic())
    run(other, "A", "second")


@takes_time
@covers("EXPIRE-2")
def test_a_hit_restarts_the_time_of_its_entry(open_page: OpenPage) -> None:
    page = open_page(CHOICE, OUT, cached(), managers=by(expire_seconds=2))

    def live_on(attempt: int) -> None:
        entries = Entries(page, expire_seconds=2)
        keys = (f"{attempt} A", f"{attempt} B")
        for key in keys:
            entries.store(key)
        for _ in range(5):  # for three seconds, one more than an unused entry lives
            for key in keys:
                page.stay_idle_for(0.3)
                entries.use(key)

    until_fast_enough(live_on)


@takes_time
@covers("EXPIRE-3")
def test_a_result_that_no_page_has_fetched_expires(open_page: OpenPage) -> None:
    page = open_page(CHOICE, OUT, cached(), managers=by(expire_seconds=1))
    page.set("choice.value", "A")
    job = page.next_job().wait_for_gate("gate")
    page.close()
    job.release_if_alive("gate", "not fetched").wait_for_end()
    other = page.another_tab()
    other.stay_idle_for(1 + MARGIN)
    run(other, "A", "wanted")


@takes_time
@covers("EXPIRE-4")
def test_a_hit_leaves_the_time_of_another_entry(open_page: OpenPage) -> None:
    page = open_page(CHOICE, OUT, cached(), managers=by(expire_seconds=3))
    other = page.another_tab()

    def expires(attempt: int) -> None:
        entries = Entries(page, expire_seconds=3)
        keys = (f"{attempt} A", f"{attempt} B")
        for key in keys:
            entries.store(key)
        last_used = time.monotonic()
        page.stay_idle_for(1.5)
        try:
            entries.use(keys[1])
        except Violation:  # other tests decide whether it is a hit
            runs(page, "again")
        page.stay_idle_for(last_used + 3 + MARGIN - time.monotonic())
        run(other, keys[0], "second")

    until_fast_enough(expires)


@covers("EXPIRE-5")
def test_expire_alone_caches_nothing(open_page: OpenPage) -> None:
    plain = (Manager("manager", expire_seconds=60),)
    page = open_page(CHOICE, OUT, cached(), managers=plain)
    run(page, "A", "a")
    run(page, "B", "b")
    run(page, "A", "a again")


@takes_time
@covers("EXPIRE-6")
def test_a_page_that_polls_late_is_shown_its_result(open_page: OpenPage) -> None:
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
        page.next_job().release("gate", word).wait_for_end()
    page.stay_idle_for(1.5)
    page.expect_value("out.children", "cached")
    page.expect_value("there.children", "not cached")


@takes_time
@covers("EXPIRE-7")
def test_a_job_that_outlasts_the_expiry_delivers_its_result(open_page: OpenPage) -> None:
    page = open_page(CHOICE, OUT, cached(), managers=by(expire_seconds=1))
    page.set("choice.value", "A")
    job = page.next_job().wait_for_gate("gate")
    page.go_on_for(1.5)
    job.release("gate", "late")
    page.expect_value("out.children", "late")
