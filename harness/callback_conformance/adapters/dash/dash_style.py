"""Our own Dash-style implementation: the same programs, opened by the same pages as Dash's."""

from __future__ import annotations

from dataclasses import replace

from callback_conformance.adapters.dash import dash
from callback_conformance.adapters.dash.names import (
    DashNames,
    background_names,
    labs_names,
    long_callback_names,
)
from callback_conformance.adapters.dash.program import dash_program
from callback_conformance.scenario import Scenario

PACKAGE = "impl_dash_style"

OFFERED = {
    "background": dash.BACKENDS,
    "long_callback": dash.BACKENDS,
    "labs": ("flask_caching", *dash.BACKENDS, "celery+rpc"),
}


def render(scenario: Scenario, dialect: str, backend: str) -> str:
    """The same program as Dash's; only its import differs."""
    return dash_program(scenario, _names(dialect, backend))


def _names(dialect: str, backend: str) -> DashNames:
    if dialect == "long_callback":
        return long_callback_names(PACKAGE, backend)
    if dialect == "labs":
        return labs_names(PACKAGE, f"{PACKAGE}.labs", f"{PACKAGE}.labs", backend)
    return background_names(PACKAGE, backend)


adapter = replace(
    dash.adapter,
    name="dash_style",
    dialects=("background", "long_callback", "labs"),
    backends=(*dash.BACKENDS, "flask_caching", "celery+rpc"),
    third_party_dialects=tuple(OFFERED),
    imported_late=lambda version: (),
    absent=lambda version: {},
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
