"""Arguments, results and progress of any value, for the tests of several chapters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from callback_conformance.control.violation import Violation
from callback_conformance.page import Page
from callback_conformance.plugin import OpenPage
from callback_conformance.plugin.strategies import for_each, json_lists, json_values
from callback_conformance.scenario import (
    Button,
    Component,
    Store,
    Text,
    arg,
    background,
    give,
    leaves,
    report,
    wait_at,
)
from callback_conformance.scenario.equality import same


def shows_any(open_page: OpenPage, progress: Any, values: st.SearchStrategy[Any]) -> None:
    """Any value that a job reports is shown; ``values`` have the form of ``progress``: a single property, a
    list or a dictionary. A list of one property may be given one value."""
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
        job = page.next_job().wait_for_gate("gate")
        for prop, item in zip(properties, _items(value, progress), strict=True):
            page.expect_value(prop, item)
        job.release("gate")
        page.expect_value("out.children", "done")
        page.set("out.children", "before")

    for_each(values, holds)


def _items(value: Any, progress: Any) -> list[Any]:
    if isinstance(progress, Mapping):
        return [value[name] for name in progress]
    return value if isinstance(value, list) and not isinstance(progress, str) else [value]


def shows_any_result(page: Page) -> None:
    """Any value of ``given.data`` that the job of ``run`` returns is shown by ``kept.data``."""

    def holds(value: Any) -> None:
        page.set("given.data", value)
        page.set("kept.data", "before")
        page.click("run")
        page.next_job().release("gate")
        page.expect_value("kept.data", value)

    for_each(json_values(), holds)


def job_of(page: Page) -> Any:
    """The arguments of the job that a click on ``run`` starts; its result is shown."""
    page.set("out.children", "before")
    page.click("run")
    job = page.next_job().wait_for_gate("gate")
    job.release("gate")
    page.expect_value("out.children", "done")
    return job.arguments


def receives_any(page: Page, named: Mapping[str, str]) -> None:
    """The job of ``run`` receives any values of these properties as the arguments of these names."""

    def holds(values: list[Any]) -> None:
        wanted = dict(zip(named, values, strict=True))
        for name, prop in named.items():
            page.set(prop, wanted[name])
        arguments = job_of(page)
        seen = {name: arguments[name] for name in named}
        if not same(seen, wanted):
            raise Violation(f"the job's arguments are {seen!r}; expected {wanted!r}")

    for_each(json_lists(len(named)), holds)


def filled(grouping: Any, values: Mapping[str, Any]) -> Any:
    """The grouping with values in the place of its properties."""
    if isinstance(grouping, str):
        return values[grouping]
    if isinstance(grouping, Mapping):
        return {name: filled(part, values) for name, part in grouping.items()}
    return [filled(part, values) for part in grouping]


def stores(grouping: Any) -> list[Component]:
    """A store for each property of a grouping."""
    return [Store(prop.partition(".")[0]) for prop in leaves(grouping)]
