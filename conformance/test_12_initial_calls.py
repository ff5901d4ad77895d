"""SPEC.md, chapter 12: Initial calls."""

from __future__ import annotations

from callback_conformance.plugin import Feature, OpenPage, covers, needs
from callback_conformance.scenario import (
    Button,
    Dependency,
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


INITIAL = background(output="out.children", inputs="run.n_clicks", job=WAITING, initial=True)


@covers("INIT-1")
def test_a_page_load_triggers_a_callback(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, INITIAL)
    page.next_job().release("gate")
    page.expect_value("out.children", "done")


@covers("INIT-7")
def test_a_page_load_triggers_a_callback_once(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, INITIAL)
    job = page.next_job().wait_for_gate("gate")
    page.network.poll()
    page.expect_no_job()
    job.release("gate")
    page.expect_value("out.children", "done")
    page.expect_no_job()


@covers("INIT-2")
def test_an_initial_job_receives_the_layouts_values(open_page: OpenPage) -> None:
    greet = wait_at("gate") >> give("Hello {name}")
    callback = background(output="out.children", inputs="name.value", job=greet, initial=True)
    page = open_page(Field("name", "Ada"), OUT, callback)
    job = page.next_job().wait_for_gate("gate")
    assert job.arguments == {"name": "Ada"}, "the job's arguments"
    job.release("gate")
    page.expect_value("out.children", "Hello Ada")


@covers("INIT-6")
def test_an_initial_job_receives_none_for_what_has_no_value(open_page: OpenPage) -> None:
    page = open_page(RUN, OUT, INITIAL)
    job = page.next_job().wait_for_gate("gate")
    assert job.arguments == {"n_clicks": None}, "the job's arguments"


@covers("INIT-3")
def test_a_page_loads_before_its_initial_jobs_have_ended(open_page: OpenPage) -> None:
    page = open_page(
        RUN,
        OUT,
        Text("echo"),
        background(output="out.children", inputs="run.n_clicks", job=WAITING, initial=True),
        ordinary(output="echo.children", inputs="run.n_clicks", job=give("here"), initial=True),
    )
    job = page.next_job().wait_for_gate("gate")
    page.expect_value("echo.children", "here")
    page.expect_value("out.children", "before")
    job.release("gate")
    page.expect_value("out.children", "done")


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
    page.expect_value("there.children", "loaded")
    page.settle()  # the page waits for nothing, so nothing else was triggered
    page.expect_no_job()
    page.click("run")
    page.next_job().release("gate")
    page.expect_value("out.children", "done")


@covers("INIT-5")
def test_a_page_load_does_not_act(open_page: OpenPage) -> None:
    action = invoke(trigger="run", job=WAITING, parameters=("state", "id", "action"))
    page = open_page(RUN, OUT, action)
    page.expect_no_job()
    assert page.events.named("action") == [], "actions before the user acts"
    page.click("run")
    page.next_job().wait_for_gate("gate")
    assert len(page.events.named("action")) == 1, "actions after one click"


@covers("INIT-8")
@needs(Feature.ALLOW_DUPLICATE)
def test_initial_duplicate_triggers_a_callback_at_load(open_page: OpenPage) -> None:
    first = background(
        output="out.children", inputs="run.n_clicks", job=wait_at("first") >> give("clicked")
    )
    second = background(
        output=Dependency("Output", "out.children", allow_duplicate=True),
        inputs="again.n_clicks",
        job=WAITING,
        initial=True,
        options={"prevent_initial_call": "initial_duplicate"},
        name="second",
    )
    page = open_page(RUN, Button("again"), OUT, first, second)
    page.next_job().release("gate")
    page.expect_value("out.children", "done")
    page.click("run")
    page.next_job().release("first")
    page.expect_value("out.children", "clicked")
