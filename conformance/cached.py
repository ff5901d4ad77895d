"""What the chapters on caching share: a callback whose results are cached, and how a test sees a hit or a new
job."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from callback_conformance.control.job import JobRun
from callback_conformance.control.violation import Violation
from callback_conformance.page import Page
from callback_conformance.plugin import OpenPage
from callback_conformance.scenario import (
    Background,
    CacheBy,
    Field,
    Manager,
    Store,
    Text,
    arg,
    background,
    constant,
    give,
    wait_at,
)

CHOICE, OUT = Field("choice"), Text("out", "before")
RETURNS_WORD = wait_at("gate") >> give(arg("word"))
VERSION = constant("1.0")
VALUE = Store("value", "before")
PLAIN = (Manager("manager"),)


def cached(**more: Any) -> Background:
    """The callback of the field ``choice``, whose job returns the word that the test gives it."""
    options = {"output": "out.children", "inputs": "choice.value", "job": RETURNS_WORD, **more}
    return background(**options)


def by(*functions: CacheBy, **more: Any) -> tuple[Manager, ...]:
    """The app's manager, which caches by these functions; without any, by a version."""
    return (Manager("manager", cache_by=functions or (VERSION,), **more),)


def cached_in(open_page: OpenPage, place: str, cache_by: Any, **more: Any) -> Page:
    """The page of a program with ``cache_by`` on its manager or on its callback."""
    if place == "manager":
        managers = (Manager("manager", cache_by=cache_by),)
        return open_page(CHOICE, OUT, cached(), managers=managers, **more)
    return open_page(CHOICE, OUT, cached(cache_by=cache_by), managers=PLAIN, **more)


def runs(
    page: Page,
    word: str,
    shows: str = "out.children",
    arguments: Mapping[str, Any] = MappingProxyType({}),
) -> JobRun:
    """The last trigger executes a job, and its result is shown. A job that was started although a stored
    result is used does not survive the page's next poll, or its result is not what is shown. It may start as late
    as now, in a worker, and is passed over where it has other ``arguments``."""
    try:
        job = page.next_job()
        while any(job.arguments.get(name, value) != value for name, value in arguments.items()):
            job = page.next_job()
        job.wait_for_gate("gate")
    except Violation as missing:
        seen = page.state_of(shows) + page.events.last_answer()
        raise Violation(f"{missing}; expected a job, and {seen}") from None
    page.fence()
    job.release("gate", word)
    page.expect_value(shows, word)
    page.fence()  # a page with a timer comes to rest with the tick after its result, as it does in time
    return job


def run(page: Page, value: Any, word: str, prop: str = "choice.value") -> JobRun:
    """Give an input a value, for which a job is executed that returns ``word``."""
    page.set(prop, value)
    return runs(page, word, arguments={prop.partition(".")[0]: value})


def hit(page: Page, value: Any, word: str, prop: str = "choice.value") -> None:
    """Give an input a value, for which the stored result ``word`` is shown."""
    page.set("out.children", "nothing")  # so that it is seen to be shown again
    page.set(prop, value)
    page.expect_cached("out.children", word)


def clicked(page: Page, word: str) -> None:
    """Click the button, for which the stored result ``word`` is shown."""
    page.set("out.children", "nothing")
    page.click("run")
    page.expect_cached("out.children", word)
