"""SPEC.md, chapter 21: Security. In the Dash dialects, the processes that a request may stop or start."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

import pytest

from callback_conformance.control.violation import Violation
from callback_conformance.page import Page
from callback_conformance.plugin import Capability, OpenPage, covers, needs, wire_only
from callback_conformance.scenario import Button, Text, background

from .strangers import RETURNS_WORD, cancels, opened, polls, triggers, with_body

pytestmark = wire_only  # a stranger speaks to the server without a browser

#: How many jobs of one page may run at once in processes of their own.
MOST_JOBS = 40


@covers("SEC-8")
def test_a_request_does_not_stop_a_process_that_is_no_job(open_page: OpenPage) -> None:
    page = opened(open_page)
    triggers(page)
    job = page.next_job().wait_for_gate("gate")
    bystander = page.server.bystander()
    stranger = page.stranger()
    for act in (polls, cancels, triggers):
        stranger.take_runs(lambda handle: str(bystander.pid))
        act(stranger.page)
    bystander.expect_alive()
    job.release("gate", page.user)
    page.expect_value("out.children", page.user)


@needs(Capability.OWN_PROCESSES)
@covers("SEC-9")
@pytest.mark.parametrize("act", [polls, cancels, triggers])
def test_a_process_that_has_got_the_number_of_a_dead_job_is_not_stopped(
    open_page: OpenPage, act: Callable[[Page], None]
) -> None:
    page = opened(open_page)
    triggers(page)
    job = page.next_job().release("gate", page.user).wait_for_end()
    other = page.another_user()
    triggers(other)  # a server that reaps its children when it starts the next
    other.next_job().wait_for_gate("gate")
    bystander = page.server.bystander(job.pid)
    act(page)
    bystander.expect_alive()


@needs(Capability.OWN_PROCESSES)
@covers("SEC-10")
def test_one_page_does_not_have_processes_without_bound(open_page: OpenPage) -> None:
    page = open_page(
        Button("run[1]"),
        Text("out[1]", "before"),
        background(output="out[MATCH].children", inputs="run[MATCH].n_clicks", job=RETURNS_WORD),
    )
    stranger = page.stranger()
    for number in range(2, MOST_JOBS + 3):
        stranger.rewrite(with_body(partial(with_index, number)))
        stranger.page.click("run[1]")
        stranger.take_runs()  # and so forget the last one: the overheard page has none
    page.next_job()
    started = [answer for answer in stranger.answers if answer.text.startswith('{"cacheKey"')]
    if len(started) > MOST_JOBS:
        raise Violation(f"one page has {len(started)} jobs at once")


def with_index(number: int, body: bytes) -> bytes:
    """A trigger of another instance: one that the page has invented."""
    return re.sub(rb'("index": ?"?)1', rb"\g<1>%d" % number, body)
