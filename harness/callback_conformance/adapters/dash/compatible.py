"""A package that offers Dash's names: its programs are Dash's, with another import."""

from __future__ import annotations

from dataclasses import replace

from callback_conformance.adapters.adapter import Adapter
from callback_conformance.adapters.dash import dash
from callback_conformance.adapters.dash.names import DashNames
from callback_conformance.adapters.dash.program import dash_program
from callback_conformance.scenario import Scenario


def dash_compatible(
    name: str,
    package: str,
    distributions: tuple[str, ...],
    manager_class: str = "DiskcacheManager",
) -> Adapter:
    """The adapter of an implementation of the dialect ``background`` whose programs import ``package`` where
    Dash's import ``dash``.

    The package has what the programs use of Dash, and ``manager_class`` in the place of
    ``DiskcacheManager``. ``distributions`` must be installed, the implementation itself first.
    """

    def render(scenario: Scenario, dialect: str, backend: str) -> str:
        return dash_program(scenario, DashNames(package, manager_class))

    return replace(
        dash.adapter,
        name=name,
        dialects=("background",),
        backends=("diskcache",),
        distributions=distributions,
        render=render,
        requirements=None,
        imported_late=lambda version: (),
        absent=lambda version: {},
        offers=None,
        released=False,
    )
