"""The real Dash."""

from __future__ import annotations

from harness.implementations import dash_program
from harness.implementations.dash_program import DashNames
from harness.implementations.implementation import Implementation
from harness.jobs import Backstage
from harness.pages import Tab
from harness.pages.dash_browser import DashBrowserTab
from harness.pages.dash_wire import DashWireTab
from harness.processes import Launch
from harness.scenario import Scenario
from harness.timeline import Timeline


def render(scenario: Scenario, dialect: str, backend: str) -> str:
    """The program that a Dash user would write."""
    return dash_program.render(scenario, DashNames("dash"))


def launch(scenario: Scenario, backend: str) -> Launch:
    """As a Dash user starts it: the port in the environment, or gunicorn's options."""
    if server := scenario.server:
        words = f"gunicorn app:server --workers {server.workers} --timeout {server.request_seconds}"
        argv = (*words.split(), "--bind", "127.0.0.1:{port}")
        return Launch(argv, module="gunicorn", environment={"HOME": "."})  # its control socket's
    return Launch(environment={"PORT": "{port}"})


def open_wire(
    url: str, timeline: Timeline, backstage: Backstage, name: str, earlier: Tab | None
) -> Tab:
    """A page on the wire, as the stock renderer behaves."""
    return DashWireTab(url, timeline, backstage, name, earlier)


def open_browser(
    url: str, timeline: Timeline, backstage: Backstage, name: str, earlier: Tab | None
) -> Tab:
    """A page in Chromium, with the JavaScript that the server serves."""
    return DashBrowserTab(url, timeline, backstage, name, earlier)


def requirements(version: str) -> tuple[str, ...]:
    """What pip installs for a version of Dash."""
    return (f"dash=={version}", "diskcache", "multiprocess", "psutil", "gunicorn", "plotly")


implementation = Implementation(
    name="dash",
    dialects=("background",),
    backends=("diskcache",),
    drivers={"wire": open_wire, "browser": open_browser},
    distributions=("dash", "diskcache", "multiprocess", "psutil", "flask", "gunicorn"),
    render=render,
    launch=launch,
    requirements=requirements,
)
