"""SPEC.md, chapter 14: Context."""

from __future__ import annotations

from base64 import b64decode
from typing import Any

from callback_conformance.control.job import JobRun
from callback_conformance.page import Page
from callback_conformance.plugin import Feature, OpenPage, covers, needs
from callback_conformance.scenario import (
    Button,
    Field,
    Text,
    announce,
    background,
    emit_request,
    emit_trigger,
    emit_values,
    give,
    wait_at,
)

RUN, GO, OUT, NAME = Button("run"), Button("go"), Text("out", "before"), Field("name", "Ada")
SEES_TRIGGER = wait_at("gate") >> emit_trigger() >> wait_at("looked") >> give("done")
SEES_VALUES = wait_at("gate") >> emit_values() >> wait_at("looked") >> give("done")


def of_two_buttons(job: Any, **more: Any) -> Any:
    """The callback of two buttons whose job looks at what has triggered it."""
    inputs = ["run.n_clicks", "go.n_clicks"]
    return background(output="out.children", inputs=inputs, job=job, **more)


def trigger_of(job: JobRun) -> tuple[str, list[tuple[str, Any]]]:
    """The trigger that a job saw: the component's id; properties and their values."""
    [facts] = job.wait_for_event("trigger").emitted("trigger")
    return facts["id"], [(prop["prop_id"], prop["value"]) for prop in facts["triggered"]]


@covers("CONTEXT-1")
def test_callback_context_raises_inside_a_job_or_gives_its_trigger(open_page: OpenPage) -> None:
    steps = wait_at("gate") >> announce("looks") >> emit_trigger() >> give("done")
    page = open_page(RUN, GO, OUT, of_two_buttons(steps))
    page.click("go")
    job = page.next_job().release("gate").wait_for_event("looks").wait_for_end()
    triggers = [facts["triggered"] for facts in job.emitted("trigger")]
    seen = [[(prop["prop_id"], prop["value"]) for prop in trigger] for trigger in triggers]
    assert seen in ([], [[("go.n_clicks", 1)]]), "the trigger, if callback_context does not raise"


@covers("CONTEXT-2")
def test_a_job_sees_the_input_that_changed(open_page: OpenPage) -> None:
    page = open_page(RUN, GO, OUT, of_two_buttons(SEES_TRIGGER))
    for clicked, times in (("go", 1), ("run", 1), ("run", 2)):
        page.click(clicked)
        job = page.next_job().release("gate").wait_for_gate("looked")
        assert trigger_of(job) == (clicked, [(f"{clicked}.n_clicks", times)])
        job.release("looked").wait_for_end()
        page.settle()


@covers("CONTEXT-2")
def test_a_trigger_is_not_that_of_another_page_with_equal_arguments(open_page: OpenPage) -> None:
    page = open_page(RUN, GO, OUT, of_two_buttons(SEES_TRIGGER))
    other = page.another_user()
    for user_page, button in ((page, "run"), (other, "go")):
        user_page.click(button)
        user_page.next_job().release("gate").release("looked").wait_for_end()
        user_page.settle()
    page.click("go")
    job = page.next_job().wait_for_gate("gate")
    other.click("run")
    others = other.next_job().wait_for_gate("gate")
    assert job.arguments.values() == others.arguments.values() or job.arguments == others.arguments
    job.release("gate").wait_for_gate("looked")
    others.release("gate").wait_for_gate("looked")
    assert trigger_of(job) == ("go", [("go.n_clicks", 1)])
    assert trigger_of(others) == ("run", [("run.n_clicks", 1)])


@covers("CONTEXT-2")
def test_a_trigger_is_not_that_of_a_later_run(open_page: OpenPage) -> None:
    page = open_page(RUN, GO, OUT, of_two_buttons(SEES_TRIGGER))
    page.click("run")
    old = page.next_job().wait_for_gate("gate")
    page.click("go")
    new = page.next_job().wait_for_gate("gate")
    old.release_if_alive("gate").wait_for_gate_if_alive("looked")
    new.release("gate").wait_for_gate("looked")
    assert trigger_of(new) == ("go", [("go.n_clicks", 1)])
    if old.emitted("trigger"):
        assert trigger_of(old) == ("run", [("run.n_clicks", 1)])


def values_of(job: JobRun) -> dict[str, Any]:
    """The values that a job saw."""
    [facts] = job.wait_for_event("values").emitted("values")
    return {**facts["inputs"], **facts["states"]}


@covers("CONTEXT-3")
def test_a_job_sees_the_values_that_it_was_called_with(open_page: OpenPage) -> None:
    page = open_page(RUN, GO, NAME, OUT, of_two_buttons(SEES_VALUES, state="name.value"))
    page.click("go")
    job = page.next_job().wait_for_gate("gate")
    page.set("name.value", "Bob")
    job.release("gate").wait_for_gate("looked")
    values = values_of(job)
    assert values == {"run.n_clicks": None, "go.n_clicks": 1, "name.value": "Ada"}
    assert job.arguments == {"run_n_clicks": None, "go_n_clicks": 1, "name": "Ada"}


@covers("CONTEXT-3")
def test_the_values_are_not_those_of_another_page(open_page: OpenPage) -> None:
    page = open_page(RUN, GO, NAME, OUT, of_two_buttons(SEES_VALUES, state="name.value"))
    other = page.another_user()
    page.set("name.value", page.user)
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    other.set("name.value", other.user)
    other.click("run")
    others = other.next_job().wait_for_gate("gate")
    others.release("gate").wait_for_gate("looked")
    job.release("gate").wait_for_gate("looked")
    assert values_of(job)["name.value"] == page.user
    assert values_of(others)["name.value"] == other.user


@covers("CONTEXT-3")
def test_the_values_are_not_those_of_a_later_run(open_page: OpenPage) -> None:
    page = open_page(RUN, GO, NAME, OUT, of_two_buttons(SEES_VALUES, state="name.value"))
    page.click("run")
    old = page.next_job().wait_for_gate("gate")
    page.set("name.value", "Bob")
    page.click("run")
    new = page.next_job().wait_for_gate("gate")
    old.release_if_alive("gate").wait_for_gate_if_alive("looked")
    new.release("gate").wait_for_gate("looked")
    assert values_of(new)["name.value"] == "Bob"
    assert values_of(new)["run.n_clicks"] == 2
    if old.emitted("values"):
        assert values_of(old)["name.value"] == "Ada"


@covers("CONTEXT-4")
@needs(Feature.REQUEST_DATA)
def test_a_job_sees_the_request_of_its_own_trigger(open_page: OpenPage) -> None:
    for _, login, request in requests_of_two_users(open_page):
        headers, path = request["headers"] or {}, request["path"] or ""
        _, _, credentials = headers.get("Authorization", "").partition(" ")
        assert b64decode(credentials).startswith(f"{login}:".encode()), "the user of the request"
        assert path.startswith("/_dash-update-component"), "the path of the request"


@covers("CONTEXT-5")
@needs(Feature.REQUEST_DATA)
def test_a_job_sees_the_cookies_of_its_own_trigger(open_page: OpenPage) -> None:
    for page, _, request in requests_of_two_users(open_page):
        cookies = request["cookies"] or {}
        assert cookies.get("visitor") == page.name, "the cookie of the page's browser"


def requests_of_two_users(open_page: OpenPage) -> list[tuple[Page, str, dict[str, Any]]]:
    """Two pages, their logins, and what the jobs that run for them at once see of their requests."""
    steps = wait_at("gate") >> emit_request() >> wait_at("looked") >> give("done")
    page = open_page(RUN, GO, OUT, of_two_buttons(steps), login="ada")
    users = [(page, "ada"), (page.another_user("bob"), "bob")]
    jobs = []
    for user_page, _ in users:
        user_page.click("run")
        jobs.append(user_page.next_job().wait_for_gate("gate"))
    seen = [job.release("gate").wait_for_gate("looked").emitted("request") for job in jobs]
    return [(*user, request) for user, [request] in zip(users, seen, strict=True)]
