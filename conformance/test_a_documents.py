"""SPEC.md, appendix D: The documents' programs. Each runs to the outcome that its document describes.

What a program waits for by sleeping it waits for at a gate. Each test covers what its document shows by it.
"""

from __future__ import annotations

from typing import Any

from harness.pages import Page
from harness.plugin import OpenPage, covers, only
from harness.scenario import (
    Button,
    Field,
    Graph,
    Job,
    Manager,
    ProgressBar,
    Step,
    Store,
    Text,
    Upload,
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

START = Button("start-btn", children="Start Task")
ITS_MANAGER = Manager("background_callback_manager")


def clicked(times: int | None) -> list[str]:
    """What the paragraph says at the end of a job."""
    return [f"Clicked {times} times"]


def counting(job: Job = SLEEPING, **more: Any) -> Any:
    """The callback of dash-long-callbacks.md and dash-labs-long-callback.md: it counts clicks."""
    return background(
        output="paragraph_id.children",
        inputs="button_id.n_clicks",
        job=job,
        initial=True,
        name="callback",
        **more,
    )


def started(output: str, job: Job | Step, **more: Any) -> Any:
    """A callback of dash-background-callbacks-api.md, which names its manager itself."""
    given = {"inputs": "start-btn.n_clicks", "manager": ITS_MANAGER.name, **more}
    return background(output=output, job=job, **given)


def shows_a_bar(page: Page, length: int) -> None:
    """The page's graph shows a single bar of this length."""
    page.shows_where(
        "progress_bar_graph.figure",
        lambda figure: bool(figure) and list(figure["data"][0]["x"]) == [length],
        f"a figure with one bar of length {length}",
    )


# dash-long-callbacks.md and dash-labs-long-callback.md, whose first three programs are the same.


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
    """The page tells how often its button was clicked: not at all, then once."""
    job = page.next_job().reaches("slept")
    page.shows("paragraph_id.children", ["Button not clicked"])
    job.release("slept")
    page.shows("paragraph_id.children", clicked(None))
    page.click("button_id")
    page.next_job().release("slept")
    page.shows("paragraph_id.children", clicked(1))


@covers("RUN-1")
@only("long_callback", "labs")
def test_example_2_disables_its_button_while_it_counts(open_page: OpenPage) -> None:
    running = [("button_id.disabled", True, False)]
    page = open_page(PARAGRAPH, RUN, counting(running=running), managers=(MANAGER,))
    page.next_job().release("slept")
    page.shows("paragraph_id.children", clicked(None))
    page.click("button_id")
    job = page.next_job().reaches("slept")
    page.shows("button_id.disabled", True)
    job.release("slept")
    page.shows("paragraph_id.children", clicked(1))
    page.shows("button_id.disabled", False)


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
    page.shows("paragraph_id.children", clicked(None))
    page.shows("cancel_button_id.disabled", True)
    page.click("button_id")
    job = page.next_job().reaches("slept")
    page.shows("button_id.disabled", True)
    page.shows("cancel_button_id.disabled", False)
    page.click("cancel_button_id")
    job.ends()
    page.shows("button_id.disabled", False)
    page.shows("cancel_button_id.disabled", True)
    page.shows_still("paragraph_id.children", clicked(None))


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
def test_example_4_of_labs_fills_a_progress_bar(open_page: OpenPage) -> None:
    reset = "\nset_progress(None, None)"
    fills_a_progress_bar(open_page, "set_progress(str(i + 1), str(total))", reset)


def fills_a_progress_bar(open_page: OpenPage, report: str, at_the_end: str = "") -> None:
    """The bar fills while the job runs, in the place of the paragraph."""
    loop = "total = 2\nfor i in range(total):\n    stage.reach(f'slept {i + 1}')\n    "
    loop = loop.replace("'", '"') + report
    page = open_page(
        PARAGRAPH,
        ProgressBar("progress_bar"),
        RUN,
        CANCEL,
        counting(
            python(f'{loop}\nstage.reach("reported"){at_the_end}') >> CLICKED,
            running=with_a_bar("progress_bar"),
            cancel=["cancel_button_id.n_clicks"],
            progress=["progress_bar.value", "progress_bar.max"],
        ),
        managers=(MANAGER,),
    )
    job = page.next_job()
    for step in ("1", "2"):
        job.release(f"slept {step}")
        page.shows("progress_bar.value", step)
    page.shows("progress_bar.max", "2")
    page.shows("progress_bar.style", VISIBLE)
    page.shows("paragraph_id.style", HIDDEN)
    job.release("reported")
    page.shows("paragraph_id.children", clicked(None))
    page.shows("paragraph_id.style", VISIBLE)
    page.shows("progress_bar.style", HIDDEN)


@covers("PROG-7")
@only("long_callback")
def test_example_5_draws_its_progress(open_page: OpenPage) -> None:
    drawing = """
        for i in range(2):
            stage.reach("slept")
            axis = {"xaxis": {"range": [0, 10]}}
            set_progress(go.Figure(go.Bar(x=[5 * (i + 1)]), layout=axis))
        stage.reach("drawn")
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
    page.shows("paragraph_id.children", clicked(None))
    shows_a_bar(page, 0)
    page.shows("progress_bar_graph.style", HIDDEN)


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
    page.shows("paragraph_id.children", clicked(None))
    for count in (1, 2, 3, 4):
        page.click("button_id")
        page.next_job().release("slept")
        page.shows("paragraph_id.children", clicked(count))
        page.shows("button_id.n_clicks", count % 4)
    page.click("button_id")  # no job is let go from here on: what is shown was computed before
    page.shows("paragraph_id.children", clicked(1))
    other = page.another_user()
    other.shows("paragraph_id.children", clicked(None))
    other.click("button_id")
    other.shows("paragraph_id.children", clicked(1))


# dash-background-callbacks-api.md. Each of its programs has pairs in `running`.


@covers("RUN-6")
def test_the_basic_program_tells_that_it_is_running(open_page: OpenPage) -> None:
    page = open_page(
        Button("start-btn", children="Start Long Task"),
        Text("result"),
        Text("status"),
        started(
            "result.children",
            wait_at("slept") >> give("Task completed! Button was clicked {n_clicks} times."),
            running=[("status.children", "Task is running..."), ("start-btn.disabled", True)],
            name="long_running_task",
        ),
        managers=(ITS_MANAGER,),
        manager="",
    )
    page.click("start-btn")
    job = page.next_job().reaches("slept")
    page.shows("status.children", "Task is running...")
    page.shows("start-btn.disabled", True)
    job.release("slept")
    page.shows("result.children", "Task completed! Button was clicked 1 times.")
    page.shows("start-btn.disabled", None)


@covers("RUN-6")
def test_the_program_with_progress_reports_each_step_and_is_cancelled(
    open_page: OpenPage,
) -> None:
    stepping = """
        total_steps = 2
        for i in range(total_steps):
            set_progress((i, total_steps))
            stage.reach(f"worked {i}")
        set_progress((total_steps, total_steps))
        stage.reach("reported")
        """
    page = open_page(
        START,
        ProgressBar("progress-bar", value=0),
        Text("progress-text"),
        Text("result"),
        Button("cancel-btn", children="Cancel", disabled=True),
        started(
            "result.children",
            python(stepping) >> give("Task completed successfully!"),
            running=[
                ("progress-text.children", "Task running..."),
                ("start-btn.disabled", True),
                ("cancel-btn.disabled", False),
            ],
            progress=["progress-bar.value", "progress-bar.max"],
            progress_default=[0, 100],
            cancel=["cancel-btn.n_clicks"],
            name="task_with_progress",
        ),
        managers=(ITS_MANAGER,),
        manager="",
    )
    page.shows("progress-bar.max", 100)
    page.click("start-btn")
    job = page.next_job()
    for step in (0, 1):
        job.reaches(f"worked {step}")
        page.shows("progress-bar.value", step)
        page.shows("progress-bar.max", 2)
        job.release(f"worked {step}")
    job.reaches("reported")
    page.shows("progress-bar.value", 2)
    page.shows("progress-text.children", "Task running...")
    page.shows("cancel-btn.disabled", False)
    job.release("reported")
    page.shows("result.children", "Task completed successfully!")
    page.shows("progress-bar.value", 0)
    page.shows("progress-bar.max", 100)
    page.shows("cancel-btn.disabled", True)
    page.click("start-btn")
    job = page.next_job().reaches("worked 0")
    page.shows("cancel-btn.disabled", False)
    page.click("cancel-btn")
    job.ends()
    page.shows("start-btn.disabled", None)


@covers("RUN-6")
def test_the_program_that_fetches_counts_its_sources(open_page: OpenPage) -> None:
    fetching = """
        results = []
        apis = ["data:,1", "data:,2", "data:,no number"]
        for api in apis:
            try:
                response = urllib.request.urlopen(api, timeout=30)
                results.append(int(response.read()))
            except Exception as e:
                results.append(f"Error: {str(e)}")
        stage.reach("fetched")
        return f"Fetched data from {len(results)} APIs"
        """
    page = open_page(
        START,
        Text("result"),
        Text("status"),
        started(
            "result.children",
            python(fetching, "urllib.request"),
            running=[("status.children", "Processing with Celery...")],
            name="celery_background_task",
        ),
        managers=(ITS_MANAGER,),
        manager="",
    )
    page.click("start-btn")
    job = page.next_job().reaches("fetched")
    page.shows("status.children", "Processing with Celery...")
    job.release("fetched")
    page.shows("result.children", "Fetched data from 3 APIs")


@covers("RUN-6")
def test_the_cached_program_computes_once_for_each_pair_of_parameters(
    open_page: OpenPage,
) -> None:
    computing = """
        stage.reach("computed")
        result = sum(item * param1 * param2 for item in expensive_data)
        return f"Computed result: {result}"
        """
    page = open_page(
        Field("param1", 1, type="number"),
        Field("param2", 1, type="number"),
        Store("expensive-data", [1, 2, 3]),
        Text("loading"),
        Text("cached-result"),
        started(
            "cached-result.children",
            python(computing),
            inputs=["param1.value", "param2.value"],
            state="expensive-data.data",
            cache_by=["param1.value", "param2.value"],
            running=[("loading.children", "Computing...")],
            name="expensive_computation",
        ),
        managers=(ITS_MANAGER,),
        manager="",
    )
    for value, result in ((2, 12), (3, 18)):
        page.set("param1.value", value)
        job = page.next_job().reaches("computed")
        page.shows("loading.children", "Computing...")
        job.release("computed")
        page.shows("cached-result.children", f"Computed result: {result}")
    page.set("param1.value", 2)
    page.shows("cached-result.children", "Computed result: 12")


@covers("RUN-6")
def test_the_program_with_a_file_processes_its_rows(open_page: OpenPage) -> None:
    processing = """
        if not upload_data:
            return "No file uploaded"
        content_string = upload_data.split(",")[1]
        decoded = base64.b64decode(content_string)
        rows = list(csv.DictReader(io.StringIO(decoded.decode("utf-8"))))
        total_rows = len(rows)
        for i in range(total_rows):
            set_progress((i + 1, total_rows))
            stage.reach("processed")
        return f"Processed {total_rows} rows successfully"
        """
    page = open_page(
        Upload("upload-data", "Upload CSV"),
        Button("process-btn", children="Process File"),
        ProgressBar("progress", value=0),
        Text("progress-info"),
        Text("processing-result"),
        started(
            "processing-result.children",
            python(processing, "base64", "csv", "io"),
            inputs="process-btn.n_clicks",
            state="upload-data.contents",
            running=[
                ("process-btn.disabled", True),
                ("progress-info.children", "Processing file..."),
            ],
            progress=["progress.value", "progress.max"],
            progress_default=[0, 100],
            name="process_large_file",
        ),
        managers=(ITS_MANAGER,),
        manager="",
    )
    page.click("process-btn")
    page.next_job().ends()
    page.shows("processing-result.children", "No file uploaded")
    page.set("upload-data.contents", "data:text/csv;base64,YSxiCjEsMgozLDQK")
    page.click("process-btn")
    job = page.next_job()
    for row in (1, 2):
        job.reaches("processed")
        page.shows("progress-info.children", "Processing file...")
        page.shows("progress.value", row)
        page.shows("progress.max", 2)
        job.release("processed")
    page.shows("processing-result.children", "Processed 2 rows successfully")
    page.shows("process-btn.disabled", None)
    page.shows("progress.max", 100)
