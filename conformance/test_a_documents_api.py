"""SPEC.md, appendix D: The documents' programs. Those of dash-background-callbacks-api.

Each has pairs in `running`, and covers what is required of them. That document is a third party's, so no release of Dash is held
to its programs.
What a program waits for by sleeping it waits for at a gate.
"""

from __future__ import annotations

from typing import Any

from callback_conformance.plugin import OpenPage, covers
from callback_conformance.scenario import (
    Button,
    Field,
    Manager,
    ProgressBar,
    Step,
    Steps,
    Store,
    Text,
    Upload,
    background,
    give,
    python,
    wait_at,
)

START = Button("start-btn", children="Start Task")
MANAGER = Manager("background_callback_manager")


def started(output: str, job: Steps | Step, **more: Any) -> Any:
    """A callback of dash-background-callbacks-api, which names its manager itself."""
    options = {"inputs": "start-btn.n_clicks", "manager": MANAGER.name, **more}
    return background(output=output, job=job, **options)


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
        managers=(MANAGER,),
        manager="",
    )
    page.click("start-btn")
    job = page.next_job().wait_for_gate("slept")
    page.expect_value("status.children", "Task is running...")
    page.expect_value("start-btn.disabled", True)
    job.release("slept")
    page.expect_value("result.children", "Task completed! Button was clicked 1 times.")
    page.expect_value("start-btn.disabled", None)


@covers("RUN-6")
def test_the_program_with_progress_reports_each_step_and_is_cancelled(
    open_page: OpenPage,
) -> None:
    stepping = """
        total_steps = 2
        for i in range(total_steps):
            set_progress((i, total_steps))
            probe.gate(f"worked {i}")
        set_progress((total_steps, total_steps))
        probe.gate("reported")
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
        managers=(MANAGER,),
        manager="",
    )
    page.expect_value("progress-bar.max", 100)
    page.click("start-btn")
    job = page.next_job()
    for step in (0, 1):
        job.wait_for_gate(f"worked {step}")
        page.expect_value("progress-bar.value", step)
        page.expect_value("progress-bar.max", 2)
        job.release(f"worked {step}")
    job.wait_for_gate("reported")
    page.expect_value("progress-bar.value", 2)
    page.expect_value("progress-text.children", "Task running...")
    page.expect_value("cancel-btn.disabled", False)
    job.release("reported")
    page.expect_value("result.children", "Task completed successfully!")
    page.expect_value("progress-bar.value", 0)
    page.expect_value("progress-bar.max", 100)
    page.expect_value("cancel-btn.disabled", True)
    page.click("start-btn")
    job = page.next_job().wait_for_gate("worked 0")
    page.expect_value("cancel-btn.disabled", False)
    page.click("cancel-btn")
    job.wait_for_end()
    page.expect_value("start-btn.disabled", None)


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
        probe.gate("fetched")
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
        managers=(MANAGER,),
        manager="",
    )
    page.click("start-btn")
    job = page.next_job().wait_for_gate("fetched")
    page.expect_value("status.children", "Processing with Celery...")
    job.release("fetched")
    page.expect_value("result.children", "Fetched data from 3 APIs")


@covers("RUN-6")
def test_the_cached_program_computes_once_for_each_pair_of_parameters(
    open_page: OpenPage,
) -> None:
    computing = """
        probe.gate("computed")
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
        managers=(MANAGER,),
        manager="",
    )
    for value, result in ((2, 12), (3, 18)):
        page.set("param1.value", value)
        job = page.next_job().wait_for_gate("computed")
        page.expect_value("loading.children", "Computing...")
        job.release("computed")
        page.expect_value("cached-result.children", f"Computed result: {result}")
    page.set("param1.value", 2)
    page.expect_value("cached-result.children", "Computed result: 12")


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
            probe.gate("processed")
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
        managers=(MANAGER,),
        manager="",
    )
    page.click("process-btn")
    page.next_job().wait_for_end()
    page.expect_value("processing-result.children", "No file uploaded")
    page.set("upload-data.contents", "data:text/csv;base64,YSxiCjEsMgozLDQK")
    page.click("process-btn")
    job = page.next_job()
    for row in (1, 2):
        job.wait_for_gate("processed")
        page.expect_value("progress-info.children", "Processing file...")
        page.expect_value("progress.value", row)
        page.expect_value("progress.max", 2)
        job.release("processed")
    page.expect_value("processing-result.children", "Processed 2 rows successfully")
    page.expect_value("process-btn.disabled", None)
    page.expect_value("progress.max", 100)
