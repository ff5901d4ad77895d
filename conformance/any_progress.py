"""Progress of any value, for the tests of chapter 7."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from harness.plugin import OpenPage
from harness.plugin.drawn import for_each
from harness.scenario import (
    Button,
    Store,
    Text,
    arg,
    background,
    give,
    leaves,
    report,
    wait_at,
)


def shows_any(open_page: OpenPage, progress: Any, values: st.SearchStrategy[Any]) -> None:
    """Whatever a job reports is shown: ``values`` are in the form of ``progress``, a single property, a list
    or a dictionary of some."""
    properties = list(leaves(progress))
    page = open_page(
        Button("run"),
        Text("out", "before"),
        Store("given"),
        *(Store(prop.partition(".")[0]) for prop in properties),
        background(
            output="out.children",
            inputs="run.n_clicks",
            state="given.data",
            progress=progress,
            job=report(arg("given")) >> wait_at("gate") >> give("done"),
        ),
    )

    def holds(value: Any) -> None:
        page.set("given.data", value)
        for prop in properties:
            page.set(prop, "before")
        page.click("run")
        job = page.next_job().reaches("gate")
        for prop, item in zip(properties, _items(value, progress), strict=True):
            page.shows(prop, item)
        job.release("gate")
        page.shows("out.children", "done")
        page.set("out.children", "before")

    for_each(values, holds)


def _items(value: Any, progress: Any) -> list[Any]:
    if isinstance(progress, Mapping):
        return [value[name] for name in progress]
    return [value] if isinstance(progress, str) else value
