"""Callbacks that depend on what a run sets: an ordinary one, and one that starts a second job."""

from __future__ import annotations

from typing import Any

from callback_conformance.page import Page
from callback_conformance.scenario import Text, background, give, ordinary, wait_at


def dependents(prop: str) -> list[Any]:
    """Two callbacks with this property as an input, and the texts that show what each was called with."""
    argument = prop.partition(".")[0]
    return [
        Text("seen"),
        Text("used"),
        ordinary(output="seen.children", inputs=prop, job=give(f"saw {{{argument}}}"), name="see"),
        background(
            output="used.children",
            inputs=prop,
            job=wait_at("second") >> give(f"used {{{argument}}}"),
            name="use",
        ),
    ]


def expect_triggered(page: Page, value: str) -> None:
    """Both were called with this value, perhaps after others, and the second job has shown its result."""
    page.expect_value("seen.children", f"saw {value}")
    while list((second := page.next_job()).arguments.values()) != [value]:
        second.release_if_alive("second")
    second.release("second")
    page.expect_value("used.children", f"used {value}")
