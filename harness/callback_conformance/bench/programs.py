"""What is measured: one program with a job that does nothing, one whose result is stored, and one that waits."""

from __future__ import annotations

import re
from dataclasses import replace

from callback_conformance.adapters import Adapter
from callback_conformance.scenario import (
    Button,
    Scenario,
    Text,
    background,
    constant,
    python,
    scenario,
)

#: The component that shows the result of each button's job.
RESULT_OF = {"run": "out", "repeat": "kept", "hold": "held"}

#: For a framework that polls. A result is the number of the click, so that none is taken for another.
POLLED: Scenario = scenario(
    *map(Button, RESULT_OF),
    *map(Text, RESULT_OF.values()),
    background(
        output="out.children", inputs="run.n_clicks", name="work", job=python("return n_clicks")
    ),
    background(
        output="kept.children",
        inputs="repeat.n_clicks",
        name="work_once",
        job=python("return n_clicks"),
        cache_by=constant("1"),
    ),
    background(
        output="held.children",
        inputs="hold.n_clicks",
        name="wait",
        job=python("time.sleep(600)", "time"),
    ),
)

#: For one that pushes. No two results are the same.
PUSHED: Scenario = scenario(
    *map(Button, ("run", "hold")),
    *map(Text, ("out", "held")),
    background(
        output="out.children",
        inputs="run.n_clicks",
        name="work",
        job=python("return time.time_ns()", "time"),
    ),
    background(
        output="held.children",
        inputs="hold.n_clicks",
        name="wait",
        job=python("time.sleep(600)", "time"),
    ),
)


def program(adapter: Adapter) -> Scenario:
    """The program for an implementation."""
    return POLLED if adapter.bare_page else PUSHED


def without_probe(adapter: Adapter) -> Adapter:
    """An adapter whose programs do not report to the harness: that would take part of the time."""

    def render(scenario: Scenario, dialect: str, backend: str) -> str:
        source = adapter.render(scenario, dialect, backend)
        return re.sub(r"^ *(import probe|probe\..*)\n", "", source, flags=re.MULTILINE)

    return replace(adapter, render=render)
