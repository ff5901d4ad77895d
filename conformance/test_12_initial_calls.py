"""SPEC.md, chapter 12: Initial calls."""

from __future__ import annotations

from callback_conformance.plugin import OpenPage, covers
from callback_conformance.scenario import (
    Button,
    Field,
    Text,
    background,
    give,
    invoke,
    ordinary,
    wait_at,
)

RUN, OUT = Button("run"), Text("out", "before")
WAITING = wait_at("gate") >> give("done")


@covers("INIT-1")
def test_a_page_load_triggers_a_callback_once(open_page: OpenPage) -> None:
    page = open_page(
        RUN,
        OUT,
        background(output="out.children", inputs="run.n_clicks", job=WAITING, initial=True),
    )
    job = page.next_job().reaches("gate")
    page.poll()
    page.no_job_has_started()
    job.release("gate")
    page.shows("out.children", "done")
    page.no_job_has_started()


@covers("INIT-2")
def test_an_initial_job_receives_the_layouts_values(open_page: OpenPage) -> None:
    page = open_page(
        RUN,
        OUT,
        Field("name", "Ada"),
        Text("greeting"),
        background(output="out.children", inputs="run.n_clicks", job=WAITING, initial=True),
        background(
            output="greeting.children",
            inputs="name.value",
            job=wait_at("greets") >> give("Hello {name}"),
            initial=True,
            name="greet",
        ),
    )
    jobs = {job.name: job for job in (page.next_job(), page.next_job())}
    assert set(jobs) == {"job", "greet"}, "the functions that are called"
    assert jobs["job"].reaches("gate").arguments == {"n_clicks": None}, "what no layout gives"
    assert jobs["greet"].reaches("greets").arguments == {"name": "Ada"}, "what the layout gives"
    jobs["greet"].release("greets")
    page.shows("greeting.children", "Hello Ada")


@covers("INIT-3")
def test_a_page_loads_before_its_initial_jobs_have_ended(open_page: OpenPage) -> None:
    page = open_page(
        RUN,
        OUT,
        Text("echo"),
        background(output="out.children", inputs="run.n_clicks", job=WAITING, initial=True),
        ordinary(output="echo.children", inputs="run.n_clicks", job=give("here"), initial=True),
    )
    job = page.next_job().reaches("gate")
    page.shows("echo.children", "here")
    page.shows("out.children", "before")
    job.release("gate")
    page.shows("out.children", "done")


@covers("INIT-4")
def test_a_page_load_leaves_a_callback_that_prevents_its_initial_call(open_page: OpenPage) -> None:
    page = open_page(
        RUN,
        Button("go"),
        OUT,
        Text("there", "before"),
        background(output="out.children", inputs="run.n_clicks", job=WAITING),
        background(
            output="there.children",
            inputs="go.n_clicks",
            job=give("loaded"),
            initial=True,
            name="at_load",
        ),
    )
    assert page.next_job().name == "at_load", "the job that the load of the page starts"
    page.shows("there.children", "loaded")
    page.settle()  # it waits for nothing, so nothing else was triggered
    page.no_job_has_started()
    page.click("run")
    page.next_job().release("gate")
    page.shows("out.children", "done")


@covers("INIT-5")
def test_a_page_load_does_not_act(open_page: OpenPage) -> None:
    action = invoke(trigger="run", job=WAITING, parameters=("state", "id", "action"))
    page = open_page(RUN, OUT, action)
    page.no_job_has_started()
    assert page.said("action") == [], "actions before the user acts"
    page.click("run")
    page.next_job().reaches("gate")
    assert len(page.said("action")) == 1, "actions after one click"
