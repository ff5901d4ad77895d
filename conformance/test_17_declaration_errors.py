"""SPEC.md, chapter 17: Declaration errors.

Each test has the same program without the mistake, and a job of it: what refuses every program has not
found this one's mistake.
"""

from __future__ import annotations

from typing import Any

import pytest

from harness.plugin import OpenPage, covers, only
from harness.scenario import (
    Background,
    Button,
    Component,
    Dependency,
    Manager,
    Plain,
    ProgressBar,
    Text,
    background,
    give,
    wait_at,
)

RUN, STOP, OUT, NOTE, BAR = (
    Button("run"),
    Button("stop"),
    Text("out", "before"),
    Text("note"),
    ProgressBar("bar"),
)
PARTS = (RUN, STOP, OUT, NOTE, BAR)


def out(**more: Any) -> Background:
    """The callback of the button ``run`` that puts its result into ``out``."""
    waiting = wait_at("gate") >> give("done")
    return background(
        **{"output": "out.children", "inputs": "run.n_clicks", "job": waiting, **more}
    )


def works(open_page: OpenPage, *parts: Component | Background, **more: Any) -> None:
    """This program runs a job and shows its result."""
    page = open_page(*parts, **more)
    page.click("run")
    page.next_job().release("gate")
    page.shows("out.children", "done")


@covers("DECLARE-1")
def test_a_callback_without_a_manager_is_refused(open_page: OpenPage) -> None:
    open_page.refuses(*PARTS, out(), managers=(), names="manager")
    works(open_page, *PARTS, out())


@covers("DECLARE-1")
def test_a_callback_without_a_manager_is_refused_beside_one_that_has_its_own(
    open_page: OpenPage,
) -> None:
    other = background(
        output="note.children", inputs="stop.n_clicks", job=give("done"), name="other"
    )
    own = out(manager="own")
    managers = (Manager("own"),)
    open_page.refuses(*PARTS, own, other, managers=managers, manager="", names="manager")
    works(open_page, *PARTS, own, managers=managers, manager="")


@covers("DECLARE-2")
@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("cancell", [Dependency("Input", "stop.n_clicks")]),
        ("set_progress", Dependency("Output", "bar.value")),
    ],
    ids=["cancell", "set_progress"],
)
def test_an_unknown_option_is_refused(open_page: OpenPage, option: str, value: Any) -> None:
    open_page.refuses(*PARTS, out(options={option: value}), names=option)
    works(open_page, *PARTS, out())


@covers("DECLARE-3")
@pytest.mark.parametrize(
    "entry",
    [
        ("run.disabled",),
        ("run.disabled", True, False, None),
        (Dependency("Input", "run.disabled"), True, False),
        (Dependency("State", "run.disabled"), True, False),
        (Plain("run.disabled"), True, False),
    ],
    ids=["one", "four", "Input", "State", "text"],
)
def test_a_wrong_entry_of_running_is_refused(open_page: OpenPage, entry: tuple[Any, ...]) -> None:
    open_page.refuses(*PARTS, out(running=[entry]), names="running")
    works(open_page, *PARTS, out(running=[("run.disabled", True, False)]))


@only("long_callback", "labs")
@covers("DECLARE-3")
def test_a_pair_in_running_is_refused(open_page: OpenPage) -> None:
    open_page.refuses(*PARTS, out(running=[("run.disabled", True)]), names="running")
    works(open_page, *PARTS, out(running=[("run.disabled", True, False)]))


NO_INPUTS = [
    Dependency("Output", "stop.n_clicks"),
    Dependency("State", "stop.n_clicks"),
    Plain("stop.n_clicks"),
]
NO_OUTPUTS = [
    Dependency("Input", "bar.value"),
    Dependency("State", "bar.value"),
    Plain("bar.value"),
]


def kind(value: Any) -> str:
    """What stands in the place of another dependency."""
    return value.kind if isinstance(value, Dependency) else "text"


@covers("DECLARE-4")
@pytest.mark.parametrize("entry", NO_INPUTS, ids=kind)
def test_an_entry_of_cancel_that_is_no_input_is_refused(open_page: OpenPage, entry: Any) -> None:
    open_page.refuses(*PARTS, out(cancel=[entry]), names="cancel")
    works(open_page, *PARTS, out(cancel=["stop.n_clicks"]))


@covers("DECLARE-5")
@pytest.mark.parametrize("entry", NO_OUTPUTS, ids=kind)
def test_progress_that_is_no_output_is_refused(open_page: OpenPage, entry: Any) -> None:
    open_page.refuses(*PARTS, out(progress=["bar.max", entry]), names="progress")
    works(open_page, *PARTS, out(progress=["bar.max", "bar.value"]))
