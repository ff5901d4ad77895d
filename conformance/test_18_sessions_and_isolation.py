"""SPEC.md, chapter 18: Sessions and isolation."""

from __future__ import annotations

from typing import Any

from harness.plugin import OpenPage, covers, takes_time
from harness.scenario import (
    SUCCESS,
    Button,
    Field,
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
TOLD = wait_at("gate") >> give(arg("word"))


def out(**more: Any) -> Any:
    """The callback of ``run`` whose job returns the word that the test gives it."""
    given = {"output": "out.children", "inputs": "run.n_clicks", "job": TOLD, **more}
    return background(**given)


@covers("ISO-1")
def test_two_users_with_equal_arguments_each_get_their_own_result(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, out())
    other = page.another_user()
    page.click("run")
    job = page.next_job().reaches("gate")
    other.click("run")
    others = other.next_job().reaches("gate")
    job.release("gate", page.user).ends()
    others.release("gate", other.user).ends()
    page.shows("out.children", page.user)
    other.shows("out.children", other.user)


@covers("ISO-2")
def test_two_callbacks_of_equal_source_each_show_their_own_result(open_page: OpenPage) -> None:
    page = open_page(
        RUN,
        Button("go"),
        OUT,
        Text("there", "before"),
        out(twins=(("there.children", "go.n_clicks"),)),
    )
    page.click("run")
    job = page.next_job().reaches("gate")
    page.click("go")
    other = page.next_job().reaches("gate")
    job.release("gate", "here").ends()
    other.release("gate", "there").ends()
    page.shows("out.children", "here")
    page.shows("there.children", "there")


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
    job = page.next_job().reaches("gate")
    page.click("go")
    other = page.next_job().reaches("gate")
    other.release("gate", "there").ends()
    job.release("gate", "here").ends()
    page.shows("out.children", "here")
    page.shows("there.children", "there")


@covers("ISO-4")
def test_a_result_reaches_no_other_user(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, out())
    other = page.another_user()
    page.click("run")
    page.next_job().release("gate", page.user)
    page.shows("out.children", page.user)
    other.shows_still("out.children", "before")
    assert other.history("out.children") == [], "values that the other user's page was given"


@covers("ISO-5")
def test_progress_reaches_no_other_user(open_page: OpenPage) -> None:
    steps = wait_at("start") >> report((arg("word"), "10")) >> TOLD
    page = open_page(
        RUN, OUT, ProgressBar("bar"), out(job=steps, progress=["bar.value", "bar.max"])
    )
    other = page.another_user()
    page.click("run")
    job = page.next_job().reaches("start")
    other.click("run")
    other.next_job().reaches("start")
    job.release("start", page.user).reaches("gate")
    other.fence()
    other.never_showed("bar.value", page.user)
    page.shows("bar.value", page.user)


@covers("ISO-6")
def test_running_is_not_shown_to_another_user(open_page: OpenPage) -> None:
    entry = ("note.children", "busy", "over")
    page = open_page(RUN, OUT, Text("note", "idle"), out(running=[entry]))
    other = page.another_user()
    page.click("run")
    job = page.next_job().reaches("gate")
    page.shows("note.children", "busy")
    other.shows_still("note.children", "idle")
    job.release("gate", "done")
    page.shows("note.children", "over")
    other.shows_still("note.children", "idle")


@covers("ISO-9")
def test_a_trigger_leaves_the_job_of_another_user(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, Field("name"), out(state="name.value"))
    other = page.another_user()
    page.click("run")
    job = page.next_job().reaches("gate")
    other.set("name.value", other.user)
    other.click("run")
    other.next_job().reaches("gate")
    job.release("gate", page.user)
    page.shows("out.children", page.user)


@covers("ISO-10")
def test_a_failure_leaves_the_job_of_another_user(open_page: OpenPage) -> None:
    page = open_page(
        RUN,
        Button("go"),
        OUT,
        Field("name"),
        Text("there", "before"),
        out(),
        background(
            output="there.children",
            inputs="go.n_clicks",
            state="name.value",
            job=wait_at("gate") >> raise_error("no, {name}"),
            name="failing_job",
        ),
    )
    other = page.another_user()
    page.click("run")
    job = page.next_job().reaches("gate")
    other.click("go")
    other.next_job().release("gate").ends()
    other.fence()
    job.release("gate", page.user)
    page.shows("out.children", page.user)


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


@covers("ISO-7")
def test_a_notification_reaches_no_other_user(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, invoke(trigger="run", job=TOLD, status=TELLING))
    other = page.another_user()
    page.click("run")
    page.next_job().release("gate", page.user)
    page.notifies("success", page.user)
    other.fence()
    assert list(other.notifications) == [], "notifications that the other user saw"


@takes_time
@covers("ISO-8")
def test_what_is_sent_for_a_user_who_has_left_reaches_nobody_else(open_page: OpenPage) -> None:
    page = open_page(
        RUN, OUT, invoke(trigger="run", job=TOLD, status=TELLING), forget_after_seconds=1
    )
    other = page.another_user()
    page.click("run")
    job = page.next_job().reaches("gate")
    page.close()
    other.goes_on_for(seconds=3)  # so that the app, which forgets in a second, has forgotten
    job.release("gate", page.user).ends()
    other.fence()
    assert list(other.notifications) == [], "notifications that the other user saw"
    other.shows_still("out.children", "before")
    other.click("run")
    other.next_job().release("gate", other.user)
    other.notifies("success", other.user)
