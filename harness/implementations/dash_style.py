"""Our own Dash-style implementation, opened by the stock renderer and one small script."""

from __future__ import annotations

from harness.implementations import dash, dash_program
from harness.implementations.dash_program import DashNames
from harness.implementations.implementation import Implementation
from harness.jobs import Backstage
from harness.pages import Tab
from harness.pages.dash_wire import DashWireTab
from harness.scenario import Scenario
from harness.timeline import Timeline


def render(scenario: Scenario, dialect: str, backend: str) -> str:
    """The same program as Dash's; only its import differs."""
    return dash_program.render(scenario, DashNames("impl_dash_style"))


def open_wire(
    url: str, timeline: Timeline, backstage: Backstage, name: str, earlier: Tab | None
) -> Tab:
    """A page on the wire: the renderer, and the script that repeats lost polls."""
    return DashWireTab(url, timeline, backstage, name, repeats_lost_polls=True)


implementation = Implementation(
    name="dash_style",
    dialects=("background",),
    backends=("diskcache",),
    drivers={"wire": open_wire, "browser": dash.open_browser},
    distributions=("callback-conformance", "dash", "diskcache", "multiprocess", "psutil", "flask"),
    render=render,
    launch=dash.launch,
    released=False,
)
