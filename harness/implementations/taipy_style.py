"""Our own Taipy-style implementation, and its own small page."""

from __future__ import annotations

from harness.implementations import taipy_program
from harness.implementations.implementation import Implementation
from harness.implementations.taipy_program import TaipyNames
from harness.jobs import Backstage
from harness.pages import Tab
from harness.pages.pushed import PushedTab
from harness.pages.taipy_style_wire import TaipyStyleConnection
from harness.processes import Launch
from harness.scenario import Scenario
from harness.timeline import Timeline


def render(scenario: Scenario, dialect: str, backend: str) -> str:
    """The same program as Taipy's; only its import differs, and that it needs no options."""
    return taipy_program.render(scenario, TaipyNames("impl_taipy_style"))


def launch(scenario: Scenario, backend: str) -> Launch:
    """As its user starts it."""
    return Launch(("app.py", "-P", "{port}"))


def open_wire(
    url: str, timeline: Timeline, backstage: Backstage, name: str, earlier: Tab | None
) -> Tab:
    """A page on the wire."""
    return PushedTab(TaipyStyleConnection, url, timeline, backstage, name, earlier)


implementation = Implementation(
    name="taipy_style",
    dialects=("taipy",),
    backends=("thread",),
    drivers={"wire": open_wire},
    distributions=("callback-conformance", "flask"),
    render=render,
    launch=launch,
    released=False,
)
