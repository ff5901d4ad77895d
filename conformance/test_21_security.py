"""SPEC.md, chapter 21: Security. The Dash dialects: what a stranger can do, and what a server gives away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from callback_conformance.page import Page, RawAnswer, Stranger
from callback_conformance.plugin import Feature, OpenPage, covers, needs, wire_only
from callback_conformance.scenario import (
    Button,
    Field,
    ProgressBar,
    Steps,
    Text,
    arg,
    background,
    give,
    report,
    set_props,
    wait_at,
)

pytestmark = wire_only  # a stranger speaks to the server without a browser

NAME, CANCEL = Field("name", ""), Button("cancel")
OUT, NOTE, BAR = Text("out", "before"), Text("note", "before"), ProgressBar("bar")
#: What a job does by itself before it waits; the word is that of the page that has triggered it.
RETURNS_WORD = wait_at("gate") >> give(arg("word"))


def callback(job: Steps = RETURNS_WORD, **more: Any) -> Any:
    """A callback that each page triggers with a value of its own."""
    return background(
        output="out.children", inputs="name.value", cancel="cancel.n_clicks", job=job, **more
    )


def triggered(open_page: OpenPage, **more: Any) -> Page:
    """A page whose job waits, untaken, at its first gate."""
    page = open_page(NAME, CANCEL, OUT, NOTE, BAR, callback(**more))
    page.set("name.value", page.user)
    return page


def cancels(stranger: Stranger) -> None:
    """Cancel as the overheard page would."""
    stranger.page.click("cancel")


def triggers(stranger: Stranger) -> None:
    """Trigger the callback anew, which replaces a run."""
    stranger.page.set("name.value", stranger.page.user)


def polls(stranger: Stranger) -> None:
    """Poll as the overheard page would."""
    stranger.page.network.poll()


@covers("SEC-1")
@pytest.mark.parametrize("act", [cancels, triggers, polls])
def test_a_stranger_does_not_stop_a_job(
    open_page: OpenPage, act: Callable[[Stranger], None]
) -> None:
    page = triggered(open_page)
    job = page.next_job().wait_for_gate("gate")
    stranger = page.stranger()
    act(stranger)
    job.release("gate", page.user).wait_for_end()
    page.expect_value("out.children", page.user)


@covers("SEC-2")
def test_a_stranger_is_not_sent_a_result(open_page: OpenPage) -> None:
    page = triggered(open_page)
    job = page.next_job().wait_for_gate("gate")
    stranger = page.stranger()
    job.release("gate", page.user).wait_for_end()
    polls(stranger)
    stranger.expect_nothing_of(page)
    page.expect_value("out.children", page.user)


@needs(Feature.TWO_COUNTS)
@covers("SEC-3")
def test_a_stranger_is_not_sent_progress(open_page: OpenPage) -> None:
    steps = wait_at("start") >> report((arg("word"), "10")) >> RETURNS_WORD
    page = triggered(open_page, job=steps, progress=["bar.value", "bar.max"])
    job = page.next_job().wait_for_gate("start")
    stranger = page.stranger()
    job.release("start", page.user).wait_for_gate("gate")
    polls(stranger)
    stranger.expect_nothing_of(page)
    page.expect_value("bar.value", page.user)


@needs(Feature.SET_PROPS)
@covers("SEC-4")
def test_a_stranger_is_not_sent_updates(open_page: OpenPage) -> None:
    steps = wait_at("start") >> set_props("note.children", arg("word")) >> RETURNS_WORD
    page = triggered(open_page, job=steps)
    job = page.next_job().wait_for_gate("start")
    stranger = page.stranger()
    job.release("start", page.user).wait_for_gate("gate")
    polls(stranger)
    stranger.expect_nothing_of(page)
    page.expect_value("note.children", page.user)


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
    page = triggered(open_page)
    job = page.next_job().wait_for_gate("gate")
    stranger = page.stranger()
    handles = [*stranger.handles, *map(never_given, stranger.handles)]
    polls(stranger)
    given = without_handles(stranger.answers[-1], handles)
    stranger.take_runs(never_given)
    polls(stranger)
    assert without_handles(stranger.answers[-1], handles) == given, "the two answers"
    job.release("gate", page.user)
    page.expect_value("out.children", page.user)


@covers("SEC-6")
def test_two_pages_are_not_given_equal_handles(open_page: OpenPage) -> None:
    page = open_page(NAME, CANCEL, OUT, NOTE, BAR, callback())
    page.set("name.value", "equal")
    page.next_job().wait_for_gate("gate")
    other = page.another_user()
    other.set("name.value", "equal")
    other.network.wait_for_answer()
    handles = set(page.stranger().handles)
    assert handles, "a page was given a handle"
    assert not handles & set(other.stranger().handles), "handles that both pages were given"
