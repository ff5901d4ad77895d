"""SPEC.md, chapter 20: Failure."""

from __future__ import annotations

import html
from typing import Any

import pytest

from callback_conformance.page import Page, TabError
from callback_conformance.plugin import Feature, OpenPage, covers, needs, only
from callback_conformance.scenario import (
    SUCCESS,
    Background,
    Button,
    Field,
    ProgressBar,
    Step,
    Steps,
    Store,
    Text,
    announce,
    arg,
    assign,
    background,
    die,
    exit_quietly,
    give,
    give_unstorable,
    if_word,
    invoke,
    raise_error,
    report,
    status,
    wait_at,
)

from .ends import ALL_OPTIONS, DECLINES, RETURNS, Row, for_each_row, full, plain

RUN, OUT = Button("run"), Text("out", "before")
KEPT, BAR = Store("kept", "before"), ProgressBar("bar")
WAITING = wait_at("gate") >> give("done")


def out(job: Steps | Step, **more: Any) -> Background:
    """The callback of the button ``run`` that puts its result into ``out``."""
    return background(**{"output": "out.children", "inputs": "run.n_clicks", "job": job, **more})


def failing(end: Step) -> Steps:
    """A job that takes this step when the test says so, and returns otherwise."""
    return wait_at("gate") >> if_word("fail", end) >> give("done")


RAISED = {
    "ValueError": raise_error("the disk is full"),
    "KeyError": raise_error("the disk is full", "KeyError"),
    "RuntimeError": raise_error("the disk is full", "RuntimeError"),
    "AssertionError": raise_error("the disk is full", "AssertionError"),
    "StopIteration": raise_error("the disk is full", "StopIteration"),
}


@covers("FAIL-1")
@pytest.mark.parametrize("end", RAISED.values(), ids=RAISED)
def test_a_job_that_raises_is_shown_as_a_failure(open_page: OpenPage, end: Step) -> None:
    page = open_page(RUN, OUT, out(wait_at("gate") >> end))
    page.click("run")
    page.next_job().release("gate").wait_for_end()
    page.expect_error()


@covers("FAIL-1")
def test_an_exception_without_a_text_is_shown_as_a_failure(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, out(wait_at("gate") >> raise_error("")))
    page.click("run")
    page.next_job().release("gate").wait_for_end()
    page.expect_error()


@covers("FAIL-2")
@pytest.mark.parametrize("words", ["the disk is full", "<b>50 %</b> & größer"])
def test_in_debug_mode_the_failure_contains_the_text_of_the_exception(
    open_page: OpenPage, words: str
) -> None:
    page = open_page(RUN, OUT, out(wait_at("gate") >> raise_error(words)), debug=True)
    page.click("run")
    page.next_job().release("gate").wait_for_end()
    shown = html.unescape(page.expect_error().text)  # an HTML page shows the unescaped text
    assert words in shown, "the failure that is shown"


SECRET = raise_error("no room in /srv/private")


@only("background", "long_callback", "labs")
@covers("FAIL-9")
def test_a_page_is_not_sent_the_text_of_an_exception(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, out(wait_at("gate") >> SECRET))
    page.click("run")
    page.next_job().release("gate").wait_for_end()
    for _ in range(2):  # the first poll after the end may bring what was reported before it
        page.fence()
    keeps_to_itself(page)


@only("taipy")
@covers("FAIL-9")
def test_a_page_of_taipy_is_not_sent_the_text_of_an_exception(open_page: OpenPage) -> None:
    told = status("state", "status", does=announce("ended"))
    page = open_page(RUN, OUT, invoke(trigger="run", job=wait_at("gate") >> SECRET, status=told))
    page.click("run")
    page.next_job().release("gate").wait_for_end()
    page.events.wait_for("ended")
    page.fence()
    keeps_to_itself(page)


def keeps_to_itself(page: Page) -> None:
    """The page was sent nothing of the exception."""
    received = [error.text for error in page.errors]
    received += [str(event) for event in page.events if event.source == page.name]
    for words in ("/srv/private", "Traceback", "raise "):
        assert not [text for text in received if words in text], (
            f"what the page received: {words!r}"
        )


ENDS = {
    "raises": raise_error("no"),
    "killed": die(),
    "exits": exit_quietly(),
    "unstorable": give_unstorable(),
}


@only(
    "background", "long_callback", "labs"
)  # Taipy's jobs are threads, which fail by exceptions alone
@covers("FAIL-3")
@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_after_a_failure_a_new_trigger_runs_a_job(open_page: OpenPage, end: Step) -> None:
    page = open_page(RUN, OUT, out(failing(end)))
    page.click("run")
    page.next_job().release("gate", "fail").wait_for_end()
    page.settle()
    for result in ("once", "twice"):
        page.click("run")
        page.next_job().release("gate", "go on")
        page.expect_value("out.children", "done")
        page.set("out.children", result)


@only("background", "long_callback", "labs")
@covers("FAIL-3")
def test_after_a_failure_a_trigger_with_the_same_arguments_runs_a_job(open_page: OpenPage) -> None:
    callback = background(
        output="out.children", inputs="choice.value", job=failing(raise_error("no"))
    )
    page = open_page(Field("choice"), OUT, callback)
    page.set("choice.value", "A")
    page.next_job().release("gate", "fail").wait_for_end()
    page.settle()
    page.set("choice.value", "A")
    page.next_job().release("gate", "go on")
    page.expect_value("out.children", "done")


@only("taipy")
@covers("FAIL-3")
@pytest.mark.parametrize("end", [ENDS["raises"], ENDS["exits"]], ids=["raises", "exits"])
def test_after_a_job_that_failed_the_next_one_delivers(open_page: OpenPage, end: Step) -> None:
    shown = status("state", "status", "result", does=assign("out.children", arg("result"), SUCCESS))
    page = open_page(RUN, OUT, invoke(trigger="run", job=failing(end), status=shown))
    page.click("run")
    page.next_job().release("gate", "fail").wait_for_end()
    page.click("run")
    page.next_job().release("gate", "go on")
    page.expect_value("out.children", "done")


# Values that look like instructions: those that releases use internally, and those that others might use.

MARKERS = {
    "no update": {"_dash_no_update": "_dash_no_update"},
    "its text": "_dash_no_update",
    "an error": {"background_callback_error": {"msg": "no", "tb": "line 1"}},
    "an older error": {"long_callback_error": {"msg": "no", "tb": "line 1"}},
    "an answer": {"multi": True, "response": {}},
    "a handle": {"cacheKey": "key", "job": "1"},
    "undefined": "__undefined__",
    "a patch": {"__dash_patch_update": "__dash_patch_update", "operations": []},
}
each_marker = pytest.mark.parametrize("value", MARKERS.values(), ids=MARKERS)


@covers("FAIL-4")
@each_marker
def test_a_result_that_looks_like_a_marker_is_shown(open_page: OpenPage, value: Any) -> None:
    page = open_page(RUN, KEPT, out(wait_at("gate") >> give(value), output="kept.data"))
    page.click("run")
    page.next_job().release("gate")
    page.expect_value("kept.data", value)


@covers("FAIL-4")
@each_marker
def test_an_item_of_a_result_that_looks_like_a_marker_is_shown(
    open_page: OpenPage, value: Any
) -> None:
    job = wait_at("gate") >> give([value, "done"])
    page = open_page(RUN, KEPT, OUT, out(job, output=["kept.data", "out.children"]))
    page.click("run")
    page.next_job().release("gate")
    page.expect_value("out.children", "done")
    page.expect_value("kept.data", value)


@covers("FAIL-4")
@each_marker
def test_an_argument_that_looks_like_a_marker_reaches_the_job(
    open_page: OpenPage, value: Any
) -> None:
    page = open_page(RUN, Store("kept", value), OUT, out(WAITING, state="kept.data"))
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    assert job.arguments == {"n_clicks": 1, "kept": value}, "the job's arguments"
    job.release("gate")
    page.expect_value("out.children", "done")


@covers("FAIL-4")
@needs(Feature.TWO_COUNTS)
@each_marker
def test_progress_that_looks_like_a_marker_is_shown(open_page: OpenPage, value: Any) -> None:
    callback = out(report((value, "10")) >> WAITING, progress=["bar.value", "bar.max"])
    page = open_page(RUN, ProgressBar("bar", value="0", max="5"), OUT, callback)
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.expect_value("bar.value", value)
    page.expect_value("bar.max", "10")
    job.release("gate")
    page.expect_value("out.children", "done")


# Progress of another form.

BY_NAME = {"done": "bar.value", "total": "bar.max"}
WRONG_PROGRESS = {
    "too few": (["bar.value", "bar.max"], ["1"]),
    "too many": (["bar.value", "bar.max"], ["1", "2", "3"]),
    "a text": (["bar.value", "bar.max"], "12"),
    "a number": (["bar.value", "bar.max"], 1),
    "a list": (BY_NAME, ["1", "2"]),
    "a missing key": (BY_NAME, {"done": "1"}),
    "another key": (BY_NAME, {"done": "1", "total": "2", "left": "3"}),
}


@covers("FAIL-5")
@pytest.mark.parametrize(("progress", "value"), WRONG_PROGRESS.values(), ids=WRONG_PROGRESS)
def test_progress_of_another_form_is_shown_as_a_failure(
    open_page: OpenPage, progress: Any, value: Any
) -> None:
    page = open_page(RUN, BAR, OUT, out(report(value) >> WAITING, progress=progress))
    page.click("run")
    page.next_job().wait_for_gate_if_alive("gate")
    page.expect_error()


# What is no failure.


def shows_no_error(open_page: OpenPage, rows: list[Row]) -> None:
    """No run of these rows adds an error to those that the page shows."""
    shown: list[TabError] = []

    def is_no_failure(page: Page, row: Row, place: int) -> None:
        page.go_on_until_idle()
        more = list(page.errors)[len(shown) :]
        shown.extend(more)
        assert not more, f"errors on the page: {more}"

    for_each_row(open_page, rows, is_no_failure)


@covers("FAIL-10")
@needs(Feature.TWO_COUNTS)
def test_an_end_without_failure_shows_no_error(open_page: OpenPage) -> None:
    shows_no_error(open_page, plain(RETURNS, DECLINES, running=True, progress=True))


@covers("FAIL-10")
@only("background")
@ALL_OPTIONS
def test_an_end_without_failure_shows_no_error_whatever_else_is_declared(
    open_page: OpenPage,
) -> None:
    free = ("handled", "running", "progress")
    shows_no_error(open_page, full(RETURNS, DECLINES, free=free, sets_props=True))


# A server that goes away.

ABSENCES = {
    "ended meanwhile, polled": ("polls", "ends"),
    "ended meanwhile": ("", "ends"),
    "still running, polled": ("polls", ""),
    "still running": ("", ""),
}
each_absence = pytest.mark.parametrize(("polls", "ends"), ABSENCES.values(), ids=ABSENCES)


def opened(open_page: OpenPage) -> Page:
    """A page whose callback has ``running``."""
    return open_page(
        RUN, OUT, Text("note"), out(WAITING, running=[("note.children", "busy", "over")])
    )


def survives(page: Page, polls: str, ends: str) -> None:
    """The server is killed while a job runs, and started again; then the page settles.

    Meanwhile the page has polled in vain, or has not; and the job has ended, or runs on.
    """
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.server.kill()
    if polls:
        page.network.poll()
    if ends:
        job.release_if_alive("gate").wait_for_end()
    page.server.start()
    page.network.poll()
    job.release_if_alive("gate").wait_for_end()
    page.settle()


@covers("FAIL-6")
@each_absence
def test_after_the_server_has_come_back_a_page_shows_a_result_or_a_failure(
    open_page: OpenPage, polls: str, ends: str
) -> None:
    page = opened(open_page)
    survives(page, polls, ends)
    if not page.errors:
        page.expect_value("out.children", "done")


@covers("FAIL-7")
@each_absence
def test_after_the_server_has_come_back_the_off_value_holds(
    open_page: OpenPage, polls: str, ends: str
) -> None:
    page = opened(open_page)
    survives(page, polls, ends)
    page.expect_unchanged("note.children", "over")


@covers("FAIL-8")
@each_absence
def test_after_the_server_has_come_back_a_trigger_runs_a_job(
    open_page: OpenPage, polls: str, ends: str
) -> None:
    page = opened(open_page)
    survives(page, polls, ends)
    page.set("out.children", "before")
    page.click("run")
    page.next_job().release("gate")
    page.expect_value("out.children", "done")


@covers("FAIL-8")
def test_a_server_comes_back_at_its_port_although_a_job_runs(open_page: OpenPage) -> None:
    page = opened(open_page)
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.server.kill()
    page.server.start(at_its_port=True)
    job.release_if_alive("gate").wait_for_end()
    page.settle()
    page.set("out.children", "before")
    page.click("run")
    page.next_job().release("gate")
    page.expect_value("out.children", "done")


@covers("FAIL-8")
def test_a_page_that_waited_for_nothing_runs_a_job_after_the_server_has_come_back(
    open_page: OpenPage,
) -> None:
    page = opened(open_page)
    page.server.kill()
    page.server.start()
    page.click("run")
    page.next_job().release("gate")
    page.expect_value("out.children", "done")
