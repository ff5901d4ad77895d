"""The real Dash Labs, whose plugins gave Dash 1 its first long callbacks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from callback_conformance.adapters.dash import dash
from callback_conformance.adapters.dash.absent import absent_from_dash_labs
from callback_conformance.adapters.dash.names import labs_names
from callback_conformance.adapters.dash.program import dash_program
from callback_conformance.scenario import Scenario

COMPONENTS = {"dcc": "dash_core_components", "html": "dash_html_components"}

#: Dash 1, which reads HOST and PORT when it is imported, and what imports it.
IMPORTED_LATE = (
    "dash",
    "dash_bootstrap_components",
    "dash_labs",
    "dash_table",
    *COMPONENTS.values(),
)


def render(scenario: Scenario, dialect: str, backend: str) -> str:
    """The program that a user of Dash Labs would write."""
    names = labs_names("dash", "dash_labs", "dash_labs.plugins", backend, COMPONENTS)
    return dash_program(scenario, names)


def offers(version: str) -> Mapping[str, tuple[str, ...]]:
    """The manager on Flask-Caching was exported by 0.3 alone, the one on diskcache came with 0.4."""
    own = "flask_caching" if version.startswith("0.3") else "diskcache"
    return {"labs": (own, "celery+redis", "celery+rpc")}


def requirements(version: str) -> tuple[str, ...]:
    """What pip installs for a version of Dash Labs: with the Dash of its time, and what that needs."""
    dash_of_its_time = ("dash<2", "flask<2.2", "werkzeug<2.1", "setuptools<81")
    others = (
        "flask-caching",
        "diskcache",
        "multiprocess",
        "psutil",
        "gunicorn",
        "plotly",
        "celery[redis]",
    )
    return (f"dash-labs=={version}", *dash_of_its_time, *others)


adapter = replace(
    dash.adapter,
    name="dash_labs",
    dialects=("labs",),
    backends=("flask_caching", "diskcache", "celery+redis", "celery+rpc"),
    third_party_dialects=("labs",),
    imported_late=lambda version: IMPORTED_LATE,
    offers=offers,
    absent=absent_from_dash_labs,
    distributions=("dash-labs", "dash", "flask-caching", "diskcache", "flask", "gunicorn"),
    render=render,
    requirements=requirements,
)
