"""Our own Dash-style implementation: the same programs, opened by the same pages as Dash's."""

from __future__ import annotations

from dataclasses import replace

from harness.implementations import dash, dash_names, dash_program
from harness.implementations.dash_program import DashNames
from harness.scenario import Scenario

PACKAGE = "impl_dash_style"


OFFERED = {
    "background": ("diskcache",),
    "long_callback": ("diskcache",),
    "labs": ("flask_caching", "diskcache"),
}


def render(scenario: Scenario, dialect: str, backend: str) -> str:
    """The same program as Dash's; only its import differs."""
    return dash_program.render(scenario, _names(dialect, backend))


def _names(dialect: str, backend: str) -> DashNames:
    if dialect == "long_callback":
        return dash_names.long_callback(PACKAGE)
    if dialect == "labs":
        return dash_names.labs(PACKAGE, f"{PACKAGE}.labs", f"{PACKAGE}.labs", backend)
    return DashNames(PACKAGE)


implementation = replace(
    dash.implementation,
    name="dash_style",
    dialects=("background", "long_callback", "labs"),
    backends=("diskcache", "flask_caching"),
    cold=lambda version: (),
    offers=lambda version: OFFERED,
    distributions=(
        "callback-conformance",
        "dash",
        "diskcache",
        "multiprocess",
        "psutil",
        "flask",
        "flask-caching",
    ),
    render=render,
    requirements=None,
    released=False,
)
