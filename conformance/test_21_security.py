"""SPEC.md, chapter 21: Security. In the Dash dialects, what a stranger can do with the handles of a page."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from callback_conformance.control.violation import Violation
from callback_conformance.page import Page, RawAnswer
from callback_conformance.plugin import Feature, OpenPage, covers, needs, wire_only
from callback_conformance.scenario import arg, report, set_props, wait_at

from .strangers import RETURNS_WORD, cancels, opened, polls, triggers

pytestmark = wire_only  # a stranger speaks to the server without a browser


@covers("SEC-1")
@pytest.mark.parametrize("act", [cancels, triggers, polls])
def test_a_stranger_does_not_stop_a_job(open_page: OpenPage, act: Callable[[Page], None]) -> None:
    page = opened(open_page)
    triggers(page)
    job = page.next_job().wait_for_gate("gate")
    act(page.stranger().page)
    job.release_if_alive("gate", page.user).wait_for_end()
    page.expect_value("out.children", page.user)


@covers("SEC-2")
def test_a_stranger_is_not_sent_a_result(open_page: OpenPage) -> None:
    page = opened(open_page)
    triggers(page)
    job = page.next_job().wait_for_gate("gate")
    stranger = page.stranger()
    job.release("gate", page.user).wait_for_end()
    polls(stranger.page)
    stranger.expect_nothing_of(page)


@needs(Feature.TWO_COUNTS)
@covers("SEC-3")
def test_a_stranger_is_not_sent_progress(open_page: OpenPage) -> None:
    steps = wait_at("start") >> report((arg("word"), "10")) >> RETURNS_WORD
    page = opened(open_page, steps, progress=["bar.value", "bar.max"])
    triggers(page)
    job = page.next_job().wait_for_gate("start")
    stranger = page.stranger()
    job.release("start", page.user).wait_for_gate("gate")
    polls(stranger.page)
    stranger.expect_nothing_of(page)


@needs(Feature.SET_PROPS)
@covers("SEC-4")
def test_a_stranger_is_not_sent_updates(open_page: OpenPage) -> None:
    steps = wait_at("start") >> set_props("note.children", arg("word")) >> RETURNS_WORD
    page = opened(open_page, steps)
    triggers(page)
    job = page.next_job().wait_for_gate("start")
    stranger = page.stranger()
    job.release("start", page.user).wait_for_gate("gate")
    polls(stranger.page)
    stranger.expect_nothing_of(page)


@covers("SEC-7")
def test_a_page_is_shown_a_result_that_a_stranger_has_polled_for(open_page: OpenPage) -> None:
    page = opened(open_page)
    triggers(page)
    job = page.next_job().wait_for_gate("gate")
    stranger = page.stranger()
    job.release("gate", page.user).wait_for_end()
    polls(stranger.page)
    page.expect_value("out.children", page.user)


def without_handles(answer: RawAnswer, handles: list[str]) -> tuple[int, str]:
    """An answer as far as it does not repeat what it was asked."""
    text = answer.text
    for handle in handles:
        text = text.replace(handle, "…")
    return answer.status, text


def never_given(handle: str) -> str:
    """A handle of the same form that no page was given; as a number, one that no process can have."""
    if handle.isdecimal():
        return handle.rjust(9, "9")
    return handle[:-1] + ("1" if handle[-1] != "1" else "2")


@covers("SEC-5")
def test_a_handle_that_was_never_given_is_answered_as_one_of_another_page(
    open_page: OpenPage,
) -> None:
    page = opened(open_page)
    triggers(page)
    page.next_job().wait_for_gate("gate")
    stranger = page.stranger()
    handles = [*stranger.handles, *map(never_given, stranger.handles)]
    polls(stranger.page)
    given = without_handles(stranger.answers[-1], handles)
    stranger.take_runs(never_given)
    polls(stranger.page)
    invented = without_handles(stranger.answers[-1], handles)
    if invented != given:
        raise Violation(
            f"a handle that no page was given is answered with {invented}, one of another page with {given}"
        )


@covers("SEC-6")
def test_two_pages_are_not_given_equal_handles(open_page: OpenPage) -> None:
    page = opened(open_page)
    page.set("name.value", "equal")
    page.next_job().wait_for_gate("gate")
    other = page.another_user()
    other.set("name.value", "equal")
    other.network.wait_for_answer()
    handles = set(page.stranger().handles)
    assert handles, "a page was given a handle"
    if shared := handles & set(other.stranger().handles):
        raise Violation(f"two pages were given {sorted(shared)}")
