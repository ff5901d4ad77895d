"""SPEC.md, chapter 21: Security. In the Dash dialects, what caches and logs are given."""

from __future__ import annotations

from callback_conformance.control.violation import Violation
from callback_conformance.page import Page, RawAnswer
from callback_conformance.plugin import OpenPage, covers, wire_only

from .strangers import opened, triggers

pytestmark = wire_only  # Chromium does not tell what headers an answer had

#: What keeps a cache that several users share from giving an answer to another of them (RFC 9111, 5.2.2).
KEPT_APART = {"no-store", "private", "no-cache"}
#: The length from which on a text is not found in a log by chance.
LONG_ENOUGH = 16


def loads(page: Page) -> dict[str, RawAnswer]:
    """What a page was answered as it was loaded, by path."""
    exchanges = page.stranger().exchanges
    return {e.request.path: e.answer for e in exchanges if e.request.method == "GET"}


def directives(answer: RawAnswer) -> set[str]:
    """What an answer says to caches."""
    return {part.strip().lower() for part in answer.headers.get("cache-control", "").split(",")}


@covers("SEC-20")
def test_what_differs_from_page_to_page_is_not_for_shared_caches(open_page: OpenPage) -> None:
    page = opened(open_page)
    triggers(page)
    page.next_job().release("gate", page.user)
    page.expect_value("out.children", page.user)
    own, others = loads(page), loads(page.another_user())
    different = {path for path in own if own[path].text != others[path].text}
    shared = {path for path in different if not directives(own[path]) & KEPT_APART}
    if shared:
        raise Violation(f"a cache may give to others what is made for one page: {sorted(shared)}")


@covers("SEC-21")
def test_no_handle_stands_in_the_log(open_page: OpenPage) -> None:
    page = opened(open_page)
    triggers(page)
    job = page.next_job().wait_for_gate("gate")
    page.network.poll()
    handles = [handle for handle in page.stranger().handles if len(handle) >= LONG_ENOUGH]
    assert handles, "a page was given a handle"
    job.release("gate", page.user)
    page.expect_value("out.children", page.user)
    printed = page.server.printed()
    if logged := [handle for handle in handles if handle in printed]:
        raise Violation(f"the log holds the handle {logged[0]}")


@covers("SEC-22")
def test_no_argument_and_no_result_stands_in_the_log(open_page: OpenPage) -> None:
    page = opened(open_page)
    page.set("name.value", "what the user typed")
    page.next_job().release("gate", "what the job found")
    page.expect_value("out.children", "what the job found")
    printed = page.server.printed()
    assert "what the user typed" not in printed, "an argument stands in the log"
    assert "what the job found" not in printed, "a result stands in the log"
