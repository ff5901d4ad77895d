"""Our own Dash-style implementation: the same programs, opened by the same pages as Dash's."""

from __future__ import annotations

from dataclasses import replace

from callback_conformance.adapters.dash import dash
from callback_conformance.adapters.dash import names as dash_names
from callback_conformance.adapters.dash import program as dash_program
from callback_conformance.adapters.dash.program import DashNames
from callback_conformance.scenario import Scenario

PACKAGE = "impl_dash_style"


OFFERED = {
    "background": dash.BACKENDS,
    "long_callback": dash.BACKENDS,
    "labs": ("flask_caching", *dash.BACKENDS, "celery+rpc"),
}


def render(scenario: Scenario, dialect: str, backend: str) -> str:
    """The same program as Dash's; only its import differs."""
    return dash_program.render(scenario, _names(dialect, backend))


def _names(dialect: str, backend: str) -> DashNames:
    if dialect == "long_callback":
        return dash_names.long_callback(PACKAGE, backend)
    if dialect == "labs":
        return dash_names.labs(PACKAGE, f"{PACKAGE}.labs", f"{PACKAGE}.labs", backend)
    return dash_names.background(PACKAGE, backend)


implementation = replace(
    dash.implementation,
    name="dash_style",
    dialects=("background", "long_callback", "labs"),
    backends=(*dash.BACKENDS, "flask_caching", "celery+rpc"),
    foreign=tuple(OFFERED),
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
