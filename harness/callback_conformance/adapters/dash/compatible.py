"""A package that offers Dash's names, or wraps Dash: its programs are Dash's, with another import."""

from __future__ import annotations

from dataclasses import replace

from callback_conformance.adapters.adapter import Adapter
from callback_conformance.adapters.dash import dash
from callback_conformance.adapters.dash.absent import absent_from_dash
from callback_conformance.adapters.dash.names import DashNames, background_names
from callback_conformance.adapters.dash.program import dash_program
from callback_conformance.scenario import Scenario


def like_dash(
    name: str,
    package: str,
    distributions: tuple[str, ...],
    manager_class: str = "DiskcacheManager",
    known_as: str = "",
) -> Adapter:
    """The adapter of an implementation of the dialect ``background`` whose programs import ``package`` where
    Dash's import ``dash``.

    The package has what the programs use of Dash, and ``manager_class`` in the place of
    ``DiskcacheManager``. ``distributions`` must be installed, the implementation itself first.

    ``known_as="dash"`` is for a package that wraps the real Dash, whose distribution is then one of these: it is bound
    by what binds Dash of that version, and what is known of Dash fails no run. Raises ValueError.
    """
    if known_as not in ("", "dash"):
        raise ValueError(f"known_as is {known_as!r}; expected 'dash', or nothing")
    if known_as and known_as not in distributions:
        raise ValueError(f"distributions has no 'dash', which {name} is known as: {distributions}")

    def render(scenario: Scenario, dialect: str, backend: str) -> str:
        third_party = ":" in backend
        names = (
            background_names(package, backend) if third_party else DashNames(package, manager_class)
        )
        return dash_program(scenario, names)

    return replace(
        dash.adapter,
        name=name,
        dialects=("background",),
        backends=("diskcache",),
        distributions=distributions,
        render=render,
        requirements=None,
        third_party_dialects=("background",),
        imported_late=lambda version: (),
        absent=absent_from_dash if known_as else lambda version: {},
        offers=None,
        wraps=known_as,
        released=bool(known_as),
    )
