"""SPEC.md, chapter 19: Backends and processes. Here: several server processes; the others are in the modules
whose names begin with this one's."""

from __future__ import annotations

from callback_conformance.plugin import (
    Capability,
    Feature,
    OpenPage,
    covers,
    lacks,
    needs,
    wire_only,
)
from callback_conformance.scenario import report, wait_at

from .outages import (
    BAR,
    CANCEL,
    NAME,
    OUT,
    RETURNS_WORD,
    RUN,
    comes_to_an_end,
    returning_word,
    two_servers,
)


@wire_only
@needs(Capability.SHARED_RESULTS)
@covers("SHARE-1")
def test_a_result_is_shown_whichever_server_process_answers(open_page: OpenPage) -> None:
    with two_servers(open_page, RUN, OUT, returning_word()) as servers:
        page = servers.page
        page.click("run")
        page.next_job().release("gate", "done").wait_for_end()
        servers.change_over()
        page.expect_value("out.children", "done")


@wire_only
@needs(Capability.SHARED_RESULTS)
@covers("SHARE-1")
def test_a_job_that_ends_after_another_process_was_polled_shows_its_result(
    open_page: OpenPage,
) -> None:
    with two_servers(open_page, RUN, OUT, returning_word()) as servers:
        page = servers.page
        page.click("run")
        job = page.next_job().wait_for_gate("gate")
        servers.change_over()
        page.network.poll()
        job.release("gate", "done")
        page.expect_value("out.children", "done")


@wire_only
@needs(Capability.SHARED_RESULTS, Feature.TWO_COUNTS)
@covers("SHARE-2")
def test_progress_is_shown_whichever_server_process_answers(open_page: OpenPage) -> None:
    job = report(("1", "2")) >> wait_at("first") >> report(("2", "2")) >> RETURNS_WORD
    callback = returning_word(progress=["bar.value", "bar.max"], job=job)
    with two_servers(open_page, RUN, OUT, BAR, callback) as servers:
        page = servers.page
        page.click("run")
        running = page.next_job().wait_for_gate("first")
        servers.change_over()
        page.expect_value("bar.value", "1")
        running.release("first").wait_for_gate("gate")
        page.expect_value("bar.value", "2")
        running.release("gate", "done")
        page.expect_value("out.children", "done")


@wire_only
@needs(Capability.SHARED_RESULTS)
@covers("SHARE-3")
def test_a_cancel_stops_the_job_whichever_server_process_it_reaches(open_page: OpenPage) -> None:
    parts = (RUN, CANCEL, OUT, returning_word(cancel="cancel.n_clicks"))
    with two_servers(open_page, *parts) as servers:
        page = servers.page
        page.click("run")
        job = page.next_job().wait_for_gate("gate")
        servers.change_over()
        page.click("cancel")
        job.wait_for_end()
        page.settle()
        page.expect_unchanged("out.children", "before")


@wire_only
@needs(Capability.SHARED_RESULTS)
@covers("SHARE-4")
def test_the_newest_result_is_shown_whichever_process_was_triggered(open_page: OpenPage) -> None:
    with two_servers(open_page, NAME, RUN, OUT, returning_word(state="name.value")) as servers:
        page = servers.page
        page.set("name.value", "older")
        page.click("run")
        older = page.next_job().wait_for_gate("gate")
        servers.change_over()
        page.set("name.value", "newer")
        page.click("run")
        newer = page.next_job().wait_for_gate("gate")
        older.release_if_alive("gate", "older").wait_for_end()
        page.fence()
        newer.release("gate", "newer")
        page.expect_value("out.children", "newer")
        page.expect_never("out.children", "older")


@wire_only
@needs(Capability.SHARED_RESULTS)
@covers("SHARE-5")
def test_a_result_is_shown_after_the_process_that_started_its_job_has_died(
    open_page: OpenPage,
) -> None:
    with two_servers(open_page, RUN, OUT, returning_word()) as servers:
        page = servers.page
        page.click("run")
        job = page.next_job().wait_for_gate("gate")
        servers.change_over()
        page.server.kill_process(servers.busy)
        job.release_if_alive("gate", "done").wait_for_end()
        if job.emitted("returns"):
            page.expect_value("out.children", "done")


@needs(Capability.SHARED_RESULTS)
@covers("SHARE-5")
def test_a_result_is_shown_after_the_server_was_started_again(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, returning_word())
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.server.kill()
    page.server.start()
    job.release_if_alive("gate", "done").wait_for_end()
    if job.emitted("returns"):
        page.expect_value("out.children", "done")


@needs(Capability.SHARED_RESULTS)
@covers("SHARE-5")
def test_a_result_of_a_job_that_ended_while_there_was_no_server_is_shown(
    open_page: OpenPage,
) -> None:
    page = open_page(RUN, OUT, returning_word())
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.server.kill()
    job.release_if_alive("gate", "done").wait_for_end()
    page.server.start()
    if job.emitted("returns"):
        page.expect_value("out.children", "done")


@wire_only
@lacks(Capability.SHARED_RESULTS)
@covers("SHARE-6")
def test_a_page_that_another_process_answers_comes_to_an_end(open_page: OpenPage) -> None:
    with two_servers(open_page, RUN, OUT, returning_word()) as servers:
        page = servers.page
        page.click("run")
        job = page.next_job().wait_for_gate("gate")
        servers.change_over()
        page.network.poll()
        job.release("gate", "done").wait_for_end()
        comes_to_an_end(page, "done")
