"""Our own Taipy-style implementation, and its own small page."""

from __future__ import annotations

from callback_conformance.adapters.adapter import Implementation
from callback_conformance.adapters.taipy import program as taipy_program
from callback_conformance.adapters.taipy.program import TaipyNames
from callback_conformance.adapters.taipy.push_tab import PushedTab
from callback_conformance.adapters.taipy.style_wire import TaipyStyleConnection
from callback_conformance.control.controller import JobController
from callback_conformance.control.timeline import Timeline
from callback_conformance.page import Tab
from callback_conformance.processes import Launch
from callback_conformance.scenario import Scenario


def render(scenario: Scenario, dialect: str, backend: str) -> str:
    """The same program as Taipy's; only its import differs, and that it needs no options."""
    return taipy_program.render(scenario, TaipyNames("impl_taipy_style"))


def launch(scenario: Scenario, backend: str) -> Launch:
    """As its user starts it."""
    return Launch(("app.py", "-P", "{port}"))


def open_wire(
    url: str, timeline: Timeline, controller: JobController, name: str, earlier: Tab | None
) -> Tab:
    """A page on the wire."""
    return PushedTab(TaipyStyleConnection, url, timeline, controller, name, earlier)


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
