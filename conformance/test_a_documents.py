"""SPEC.md, appendix D: The documents' programs. Those of dash-long-callbacks and dash-labs-long-callback.

Their first three programs are the same. What a program waits for by sleeping it waits for at a gate. Each test
covers what its document shows by it.
"""

from __future__ import annotations

from typing import Any

from callback_conformance.page import Page
from callback_conformance.plugin import Feature, OpenPage, covers, needs, only
from callback_conformance.scenario import (
    Button,
    Graph,
    Manager,
    ProgressBar,
    Steps,
    Text,
    background,
    bar_figure,
    give,
    launch_id,
    python,
    wait_at,
)

RUN = Button("button_id", children="Run Job!")
CANCEL = Button("cancel_button_id", children="Cancel Running Job!")
PARAGRAPH = Text("paragraph_id", ["Button not clicked"])
MANAGER = Manager("long_callback_manager")
CLICKED = give(["Clicked {n_clicks} times"])
SLEEPING = wait_at("slept") >> CLICKED
BUTTONS = [("button_id.disabled", True, False), ("cancel_button_id.disabled", False, True)]
HIDDEN, VISIBLE = {"visibility": "hidden"}, {"visibility": "visible"}


def clicked(times: int | None) -> list[str]:
    """What the paragraph shows at the end of a job."""
    return [f"Clicked {times} times"]


def counting(job: Steps = SLEEPING, **more: Any) -> Any:
    """The callback of dash-long-callbacks and dash-labs-long-callback: it counts clicks."""
    return background(
        output="paragraph_id.children",
        inputs="button_id.n_clicks",
        job=job,
        initial=True,
        name="callback",
        **more,
    )


def shows_a_bar(page: Page, length: int) -> None:
    """The page's graph shows a single bar of this length."""
    page.expect_where(
        "progress_bar_graph.figure",
        lambda figure: bool(figure) and list(figure["data"][0]["x"]) == [length],
        f"a figure with one bar of length {length}",
    )


@covers("RESULT-1")
@only("long_callback")
def test_example_1_counts_the_clicks(open_page: OpenPage) -> None:
    page = open_page(
        PARAGRAPH, RUN, counting(manager=MANAGER.name), managers=(MANAGER,), manager=""
    )
    counts_the_clicks(page)


@covers("RESULT-1")
@only("labs")
def test_example_1_of_labs_counts_the_clicks(open_page: OpenPage) -> None:
    counts_the_clicks(open_page(PARAGRAPH, RUN, counting(), managers=(MANAGER,)))


def counts_the_clicks(page: Page) -> None:
    """The page shows how often its button was clicked: not at all, then once."""
    job = page.next_job().wait_for_gate("slept")
    page.expect_value("paragraph_id.children", ["Button not clicked"])
    job.release("slept")
    page.expect_value("paragraph_id.children", clicked(None))
    page.click("button_id")
    page.next_job().release("slept")
    page.expect_value("paragraph_id.children", clicked(1))


@covers("RUN-1")
@only("long_callback", "labs")
def test_example_2_disables_its_button_while_it_counts(open_page: OpenPage) -> None:
    running = [("button_id.disabled", True, False)]
    page = open_page(PARAGRAPH, RUN, counting(running=running), managers=(MANAGER,))
    page.next_job().release("slept")
    page.expect_value("paragraph_id.children", clicked(None))
    page.click("button_id")
    job = page.next_job().wait_for_gate("slept")
    page.expect_value("button_id.disabled", True)
    job.release("slept")
    page.expect_value("paragraph_id.children", clicked(1))
    page.expect_value("button_id.disabled", False)


@covers("CANCEL-1")
@only("long_callback", "labs")
def test_example_3_is_cancelled(open_page: OpenPage) -> None:
    page = open_page(
        PARAGRAPH,
        RUN,
        CANCEL,
        counting(running=BUTTONS, cancel=["cancel_button_id.n_clicks"]),
        managers=(MANAGER,),
    )
    page.next_job().release("slept")
    page.expect_value("paragraph_id.children", clicked(None))
    page.expect_value("cancel_button_id.disabled", True)
    page.click("button_id")
    job = page.next_job().wait_for_gate("slept")
    page.expect_value("button_id.disabled", True)
    page.expect_value("cancel_button_id.disabled", False)
    page.click("cancel_button_id")
    job.wait_for_end()
    page.expect_value("button_id.disabled", False)
    page.expect_value("cancel_button_id.disabled", True)
    page.expect_unchanged("paragraph_id.children", clicked(None))


def with_a_bar(bar: str) -> list[tuple[Any, ...]]:
    """The entries of ``running`` that show a bar in the place of the paragraph."""
    return [
        *BUTTONS,
        ("paragraph_id.style", HIDDEN, VISIBLE),
        (f"{bar}.style", VISIBLE, HIDDEN),
    ]


@covers("PROG-3")
@only("long_callback")
def test_example_4_fills_a_progress_bar(open_page: OpenPage) -> None:
    fills_a_progress_bar(open_page, "set_progress((str(i + 1), str(total)))")


@covers("PROG-6")
@needs(Feature.TWO_COUNTS)
def test_example_4_of_labs_fills_a_progress_bar(open_page: OpenPage) -> None:
    reset = "\nset_progress(None, None)"
    fills_a_progress_bar(open_page, "set_progress(str(i + 1), str(total))", reset)


def fills_a_progress_bar(open_page: OpenPage, report: str, at_the_end: str = "") -> None:
    """The bar fills while the job runs, in the place of the paragraph."""
    loop = "total = 2\nfor i in range(total):\n    probe.gate(f'slept {i + 1}')\n    "
    loop = loop.replace("'", '"') + report
    page = open_page(
        PARAGRAPH,
        ProgressBar("progress_bar"),
        RUN,
        CANCEL,
        counting(
            python(f'{loop}\nprobe.gate("reported"){at_the_end}') >> CLICKED,
            running=with_a_bar("progress_bar"),
            cancel=["cancel_button_id.n_clicks"],
            progress=["progress_bar.value", "progress_bar.max"],
        ),
        managers=(MANAGER,),
    )
    job = page.next_job()
    for step in ("1", "2"):
        job.release(f"slept {step}")
        page.expect_value("progress_bar.value", step)
    page.expect_value("progress_bar.max", "2")
    page.expect_value("progress_bar.style", VISIBLE)
    page.expect_value("paragraph_id.style", HIDDEN)
    job.release("reported")
    page.expect_value("paragraph_id.children", clicked(None))
    page.expect_value("paragraph_id.style", VISIBLE)
    page.expect_value("progress_bar.style", HIDDEN)


@covers("PROG-7")
@only("long_callback")
def test_example_5_draws_its_progress(open_page: OpenPage) -> None:
    drawing = """
        for i in range(2):
            probe.gate("slept")
            axis = {"xaxis": {"range": [0, 10]}}
            set_progress(go.Figure(go.Bar(x=[5 * (i + 1)]), layout=axis))
        probe.gate("drawn")
        """
    page = open_page(
        PARAGRAPH,
        Graph("progress_bar_graph", figure=bar_figure(0, 10)),
        RUN,
        CANCEL,
        counting(
            python(drawing) >> CLICKED,
            running=with_a_bar("progress_bar_graph"),
            cancel=["cancel_button_id.n_clicks"],
            progress="progress_bar_graph.figure",
            progress_default=bar_figure(0, 10),
            interval_ms=1000,
        ),
        managers=(MANAGER,),
    )
    job = page.next_job()
    for length in (5, 10):
        job.release("slept")
        shows_a_bar(page, length)
    job.release("drawn")
    page.expect_value("paragraph_id.children", clicked(None))
    shows_a_bar(page, 0)
    page.expect_value("progress_bar_graph.style", HIDDEN)


@covers("CACHE-2")
@only("long_callback")
def test_the_program_on_caching_uses_results_when_its_count_comes_back(
    open_page: OpenPage,
) -> None:
    counted = 'return [f"Clicked {n_clicks} times"], (n_clicks or 0) % 4'
    page = open_page(
        PARAGRAPH,
        RUN,
        CANCEL,
        background(
            output=["paragraph_id.children", "button_id.n_clicks"],
            inputs="button_id.n_clicks",
            job=wait_at("slept") >> python(counted),
            running=BUTTONS,
            cancel=["cancel_button_id.n_clicks"],
            initial=True,
            name="callback",
        ),
        managers=(Manager(MANAGER.name, cache_by=[launch_id()], expire_seconds=60),),
    )
    page.next_job().release("slept")
    page.expect_value("paragraph_id.children", clicked(None))
    for count in (1, 2, 3, 4):
        page.click("button_id")
        page.next_job().release("slept")
        page.expect_value("paragraph_id.children", clicked(count))
        page.expect_value("button_id.n_clicks", count % 4)
    page.click("button_id")  # no job is released from here on: what is shown was computed before
    page.expect_value("paragraph_id.children", clicked(1))
    other = page.another_user()
    other.expect_value("paragraph_id.children", clicked(None))
    other.click("button_id")
    other.expect_value("paragraph_id.children", clicked(1))
