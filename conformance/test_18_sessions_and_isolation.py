"""SPEC.md, chapter 18: Sessions and isolation."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from callback_conformance.control.job import JobRun
from callback_conformance.page import Page
from callback_conformance.plugin import (
    Feature,
    OpenPage,
    covers,
    needs,
    only,
    takes_time,
    wire_only,
)
from callback_conformance.scenario import (
    FAILURE,
    SUCCESS,
    Button,
    Field,
    Gunicorn,
    ProgressBar,
    Text,
    arg,
    assign,
    background,
    give,
    invoke,
    notify,
    raise_error,
    report,
    status,
    wait_at,
)

RUN, OUT = Button("run"), Text("out", "before")
RETURNS_WORD = wait_at("gate") >> give(arg("word"))


def out(**more: Any) -> Any:
    """The callback of ``run`` whose job returns the word that the test gives it."""
    options = {"output": "out.children", "inputs": "run.n_clicks", "job": RETURNS_WORD, **more}
    return background(**options)


@covers("ISO-1")
def test_two_users_with_equal_arguments_each_get_their_own_result(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, out())
    other = page.another_user()
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    other.click("run")
    others = other.next_job().wait_for_gate("gate")
    job.release("gate", page.user).wait_for_end()
    others.release("gate", other.user).wait_for_end()
    page.expect_value("out.children", page.user)
    other.expect_value("out.children", other.user)


@covers("ISO-2")
def test_two_callbacks_of_equal_source_each_show_their_own_result(open_page: OpenPage) -> None:
    page = open_page(
        RUN,
        Button("go"),
        OUT,
        Text("there", "before"),
        out(duplicates=(("there.children", "go.n_clicks"),)),
        server=Gunicorn(
            workers=1
        ),  # a single thread, which cannot pick up what belongs to another thread
    )
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.click("go")
    other = page.next_job().wait_for_gate("gate")
    job.release("gate", "here").wait_for_end()
    other.release("gate", "there").wait_for_end()
    page.expect_value("out.children", "here")
    page.expect_value("there.children", "there")


@covers("ISO-3")
def test_jobs_of_one_page_at_once_each_deliver_their_result(open_page: OpenPage) -> None:
    page = open_page(
        RUN,
        Button("go"),
        OUT,
        Text("there", "before"),
        out(),
        out(output="there.children", inputs="go.n_clicks", name="other_job"),
    )
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.click("go")
    other = page.next_job().wait_for_gate("gate")
    assert (job.name, other.name) == ("job", "other_job"), "the functions that are called"
    other.release("gate", "there").wait_for_end()
    job.release("gate", "here").wait_for_end()
    page.expect_value("out.children", "here")
    page.expect_value("there.children", "there")


@covers("ISO-4")
def test_a_result_reaches_no_other_user(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, out())
    other = page.another_user()
    page.click("run")
    page.next_job().release("gate", page.user)
    page.expect_value("out.children", page.user)
    for idle in (other, page.another_user()):
        idle.expect_unchanged("out.children", "before")
        assert idle.events.values_of("out.children") == [], (
            "values that another user's page was given"
        )


@covers("ISO-5")
@needs(Feature.TWO_COUNTS)
@pytest.mark.parametrize("name", ["another", "first"], ids=["other arguments", "equal arguments"])
def test_progress_reaches_no_other_user(open_page: OpenPage, name: str) -> None:
    steps = wait_at("start") >> report((arg("word"), "10")) >> RETURNS_WORD
    progress = ["bar.value", "bar.max"]
    reporting = out(inputs="name.value", job=steps, progress=progress)
    page = open_page(Field("name", ""), OUT, ProgressBar("bar"), reporting)
    other = page.another_user()
    page.set("name.value", "first")
    job = page.next_job().wait_for_gate("start")
    other.set("name.value", name)
    other.next_job().wait_for_gate("start")
    job.release("start", page.user).wait_for_gate("gate")
    other.fence()
    other.expect_never("bar.value", page.user)
    page.expect_value("bar.value", page.user)


@covers("ISO-6")
def test_running_is_not_shown_to_another_user(open_page: OpenPage) -> None:
    entry = ("note.children", "busy", "over")
    page = open_page(RUN, OUT, Text("note", "idle"), out(running=[entry]))
    other = page.another_user()
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.expect_value("note.children", "busy")
    for idle in (other, page.another_user()):
        idle.expect_unchanged("note.children", "idle")
    job.release("gate", "done")
    page.expect_value("note.children", "over")
    other.expect_unchanged("note.children", "idle")


@covers("ISO-9")
def test_a_trigger_leaves_the_job_of_another_user(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, out())
    other = page.another_user()
    other.click("run")
    other.next_job().release("gate", other.user)
    other.expect_value("out.children", other.user)
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    other.click("run")  # a second click, so that the arguments differ in most dialects
    other.next_job().wait_for_gate("gate")
    job.release("gate", page.user)
    page.expect_value("out.children", page.user)


@covers("ISO-10")
def test_a_failure_leaves_the_job_of_another_user(open_page: OpenPage) -> None:
    page = open_page(
        RUN,
        Button("go"),
        OUT,
        Text("there", "before"),
        out(),
        background(
            output="there.children",
            inputs="go.n_clicks",
            job=wait_at("gate") >> raise_error("no"),
            name="failing_job",
        ),
    )
    other = page.another_user()
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    other.click("go")
    failing = other.next_job()
    assert (job.name, failing.name) == ("job", "failing_job"), "the functions that are called"
    failing.release("gate").wait_for_end()
    other.fence()
    job.release("gate", page.user)
    page.expect_value("out.children", page.user)


# The dialect taipy.

TELLING = status(
    "state",
    "status",
    "result",
    does=[
        notify("success", "{result}", SUCCESS),
        assign("out.children", arg("result"), SUCCESS),
    ],
)


def saw_nothing_of(page: Page, user: str) -> None:
    """No notification on this page has the word of another page's user."""
    shown = [notification for notification in page.notifications if user in notification.message]
    assert shown == [], "notifications for another user"


@covers("ISO-7")
def test_a_notification_reaches_no_other_user(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, invoke(trigger="run", job=RETURNS_WORD, status=TELLING))
    other = page.another_user()
    page.click("run")
    page.next_job().release("gate", page.user)
    page.expect_notification("success", page.user)
    other.fence()
    saw_nothing_of(other, page.user)


@wire_only
@covers("ISO-7")
def test_a_notification_for_a_user_who_is_not_connected_yet_reaches_no_other(
    open_page: OpenPage,
) -> None:
    started = invoke(trigger="run", job=RETURNS_WORD, status=TELLING, initial=True)
    page = open_page(RUN, OUT, started)
    page.next_job().release("gate", page.user)
    page.expect_notification("success", page.user)
    page.network.load_unconnected()
    page.next_job().release("gate", "unconnected").wait_for_end()
    page.fence()
    messages = [notification.message for notification in page.notifications]
    assert messages == [page.user], "notifications that the other user saw"


@takes_time
@covers("ISO-8")
def test_what_is_sent_for_a_user_who_has_left_reaches_nobody_else(open_page: OpenPage) -> None:
    page = open_page(
        RUN, OUT, invoke(trigger="run", job=RETURNS_WORD, status=TELLING), forget_after_seconds=1
    )
    other = page.another_user()
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.close()
    other.go_on_for(seconds=4)  # the app forgets a user after one, once it has noticed
    other.fence()
    job.release("gate", page.user).wait_for_end()
    other.fence()
    saw_nothing_of(other, page.user)
    other.expect_unchanged("out.children", "before")
    other.click("run")
    other.next_job().release("gate", other.user)
    other.expect_notification("success", other.user)


@covers("ISO-8")
def test_what_is_sent_for_a_user_whose_page_is_closed_reaches_nobody_else(
    open_page: OpenPage,
) -> None:
    page = open_page(RUN, OUT, invoke(trigger="run", job=RETURNS_WORD, status=TELLING))
    other = page.another_user()
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    page.close()
    job.release("gate", page.user).wait_for_end()
    other.fence()
    saw_nothing_of(other, page.user)
    other.expect_unchanged("out.children", "before")
    other.click("run")
    other.next_job().release("gate", other.user)
    other.expect_notification("success", other.user)


def job_of(button: str, **more: Any) -> Any:
    """A long callback that ``button`` invokes; its job has the button's name."""
    return invoke(trigger=button, name=f"job_of_{button}", job=RETURNS_WORD, **more)


def both(page: Page, buttons: tuple[str, ...]) -> tuple[JobRun, JobRun]:
    """The jobs of ``run`` and of ``go``, which these buttons invoke, at their gates."""
    for button in buttons:
        page.click(button)
    jobs = {job.name: job.wait_for_gate("gate") for job in (page.next_job(), page.next_job())}
    return jobs["job_of_run"], jobs["job_of_go"]


several = pytest.mark.parametrize("buttons", [("run",), ("run", "go")], ids=["action", "actions"])


def invoking(buttons: tuple[str, ...], first: Any, second: Any) -> list[Any]:
    """One action that invokes both, or an action for each."""
    if "go" in buttons:
        return [first, second]
    return [replace(first, also=(replace(second, trigger=first.trigger),))]


def showing(output: str) -> Any:
    """A status function that shows the result."""
    return status("state", "status", "result", does=assign(output, arg("result"), SUCCESS))


@only("taipy")
@covers("ISO-3")
@several
def test_jobs_of_a_user_at_once_each_deliver_their_result(
    open_page: OpenPage, buttons: tuple[str, ...]
) -> None:
    run = job_of("run", status=showing("out.children"))
    go = job_of("go", status=showing("there.children"))
    shown = [Button(button) for button in buttons]
    page = open_page(*shown, OUT, Text("there", "before"), *invoking(buttons, run, go))
    first, second = both(page, buttons)
    second.release("gate", "there").wait_for_end()
    page.expect_value("there.children", "there")
    page.expect_unchanged("out.children", "before")
    first.release("gate", "here").wait_for_end()
    page.expect_value("out.children", "here")
    page.expect_unchanged("there.children", "there")


@covers("ISO-11")
@several
def test_a_status_function_that_raises_leaves_another_job_of_its_user(
    open_page: OpenPage, buttons: tuple[str, ...]
) -> None:
    run = job_of("run", status=status("state", "status", does=raise_error("no")))
    go = job_of("go", status=showing("out.children"))
    page = open_page(*[Button(button) for button in buttons], OUT, *invoking(buttons, run, go))
    raising, other = both(page, buttons)
    raising.release("gate")
    page.events.wait_for("status", lambda event: event.facts["status"] is True)
    other.release("gate", "done")
    page.expect_value("out.children", "done")


@covers("ISO-11")
def test_a_status_function_that_raises_leaves_the_job_of_another_user(open_page: OpenPage) -> None:
    raising = job_of("run", status=status("state", "status", does=raise_error("no")))
    page = open_page(RUN, Button("go"), OUT, raising, job_of("go", status=showing("out.children")))
    other = page.another_user()
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    other.click("go")
    others = other.next_job().wait_for_gate("gate")
    job.release("gate")
    page.events.wait_for("status", lambda event: event.facts["status"] is True)
    others.release("gate", other.user)
    other.expect_value("out.children", other.user)


@covers("ISO-12")
@several
def test_a_shared_status_function_receives_what_belongs_to_its_job(
    open_page: OpenPage, buttons: tuple[str, ...]
) -> None:
    shared = status("state", "status", "label", "result", name="job_status")
    run = job_of("run", status=shared, status_arguments=("here",))
    go = job_of("go", status=shared, status_arguments=("there",))
    page = open_page(*[Button(button) for button in buttons], OUT, *invoking(buttons, run, go))
    first, second = both(page, buttons)
    second.release("gate", "result of go").wait_for_end()
    first.release("gate", "result of run").wait_for_end()
    page.events.wait_for("status", lambda event: len(page.events.named("status")) == 2)
    reports = {
        (event.facts["label"], event.facts["result"]) for event in page.events.named("status")
    }
    assert reports == {("here", "result of run"), ("there", "result of go")}, (
        "what each status function received"
    )


@covers("ISO-13")
@pytest.mark.parametrize("failing", [False, True], ids=["returns", "raises"])
def test_what_is_assigned_while_a_user_is_away_is_shown_when_they_are_back(
    open_page: OpenPage, failing: bool
) -> None:
    steps = [assign("out.children", "good", SUCCESS), assign("out.children", "bad", FAILURE)]
    job = wait_at("gate") >> (raise_error("no") if failing else give("done"))
    handler = status("state", "status", does=steps)
    page = open_page(RUN, OUT, invoke(trigger="run", job=job, status=handler))
    page.click("run")
    running = page.next_job().wait_for_gate("gate")
    page.close()
    running.release("gate").wait_for_end()
    page.reload()
    page.expect_value("out.children", "bad" if failing else "good")
