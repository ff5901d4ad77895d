"""SPEC.md, chapter 5: Running."""

from __future__ import annotations

from harness.plugin import covers
from harness.plugin.trials import OpenPage
from harness.scenario import Button, Text, background, give, wait_at


@covers("RUN-1", "RUN-2")
def test_running_values_hold_from_trigger_to_end(open_page: OpenPage) -> None:
    page = open_page(
        Button("run"),
        Text("out"),
        background(
            output="out.children",
            inputs="run.n_clicks",
            running=[("run.disabled", True, False)],
            job=wait_at("gate") >> give("done"),
        ),
    )
    page.click("run")
    job = page.next_job().reaches("gate")
    page.shows("run.disabled", True)
    job.release("gate")
    page.shows("out.children", "done")
    page.shows("run.disabled", False)
