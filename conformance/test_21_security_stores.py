"""SPEC.md, chapter 21: Security. What others leave in the store, or put into it, and who can open it."""

from __future__ import annotations

from callback_conformance.control.violation import Violation
from callback_conformance.page import Page
from callback_conformance.plugin import Capability, OpenPage, covers, needs
from callback_conformance.scenario import Manager

from .strangers import opened, polls, triggers

LIMITED = Manager("manager", limited=True)
#: A result of which each limited store has room for fewer than there are OTHERS.
LARGE, OTHERS = "x" * 100_000, 12


def shows_its_result(page: Page) -> None:
    """The user triggers the callback, and the page shows the result."""
    triggers(page)
    page.next_job().release("gate", page.user)
    page.expect_value("out.children", page.user)


def others_leave_results(page: Page) -> None:
    """Other users run jobs with large results, and leave before they have polled for them."""
    for _ in range(OTHERS):
        other = page.another_user()
        triggers(other)
        other.next_job().release("gate", LARGE).wait_for_end()
        other.close()


@needs(Capability.LIMITED_STORE)
@covers("SEC-29")
def test_the_result_of_a_running_job_is_shown_whatever_others_leave(open_page: OpenPage) -> None:
    page = opened(open_page, manager=LIMITED)
    triggers(page)
    job = page.next_job().wait_for_gate("gate")
    others_leave_results(page)
    job.release("gate", page.user).wait_for_end()
    page.expect_value("out.children", page.user)


@needs(Capability.LIMITED_STORE)
@covers("SEC-29")
def test_an_open_page_shows_its_result_whatever_others_leave(open_page: OpenPage) -> None:
    page = opened(open_page, manager=LIMITED)
    others_leave_results(page)
    page.server.kill()
    page.server.start()
    shows_its_result(page)


@needs(Capability.OWN_STORE)
@covers("SEC-30")
def test_nobody_else_can_open_what_a_manager_keeps_in_a_place_of_its_own(
    open_page: OpenPage,
) -> None:
    page = opened(open_page, manager=Manager("manager", cache=False, open_files=True))
    shows_its_result(page)
    triggers(page)
    page.next_job().wait_for_gate("gate")
    assert page.server.files_open_to_others() == [], "the files that others can open"


def polls_for_what_others_have_changed(open_page: OpenPage) -> None:
    """Somebody puts code into the store while a job runs, and again once it has ended."""
    page = opened(open_page)
    other = page.another_user()
    triggers(page)
    job = page.next_job().wait_for_gate("gate")
    page.server.plant()
    job.release_if_alive("gate", page.user).wait_for_end()
    planted = page.server.plant()
    assert planted.count, "the store holds values"
    polls(page)
    triggers(other)
    triggers(page)
    if planted.has_run():
        raise Violation("code that stood in the store was run")


@needs(Capability.WRITABLE_SERVICE)
@covers("SEC-31")
def test_nothing_that_others_put_into_a_service_is_run(open_page: OpenPage) -> None:
    polls_for_what_others_have_changed(open_page)


@needs(Capability.WRITABLE_FOLDER)
@covers("SEC-32")
def test_nothing_that_others_put_into_a_folder_is_run(open_page: OpenPage) -> None:
    polls_for_what_others_have_changed(open_page)
