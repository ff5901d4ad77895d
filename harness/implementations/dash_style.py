"""Our own Dash-style implementation: the same programs, opened by the same pages as Dash's."""

from __future__ import annotations

from dataclasses import replace

from harness.implementations import dash, dash_program
from harness.implementations.dash_program import DashNames
from harness.scenario import Scenario


def render(scenario: Scenario, dialect: str, backend: str) -> str:
    """The same program as Dash's; only its import differs."""
    return dash_program.render(scenario, DashNames("impl_dash_style"))


implementation = replace(
    dash.implementation,
    name="dash_style",
    distributions=("callback-conformance", "dash", "diskcache", "multiprocess", "psutil", "flask"),
    render=render,
    requirements=None,
    released=False,
)
