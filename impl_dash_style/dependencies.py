"""What a callback may name: the dependency classes of Dash, and the marker ``no_update``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeVar

from dash.dependencies import DashDependency, Input, Output, State, Wildcard

from impl_dash_style.exceptions import DeclarationError
from impl_dash_style.grouping import Grouping, leaves
from impl_dash_style.wildcards import ALL, ALL_SMALLER, ALLSMALLER, MATCH

__all__ = [
    "ALL",
    "ALLSMALLER",
    "ALL_SMALLER",
    "MATCH",
    "DashDependency",
    "Input",
    "NoUpdate",
    "Output",
    "State",
    "check_no_wildcards",
    "checked",
    "no_update",
]

Dependency = TypeVar("Dependency", bound=DashDependency)


class NoUpdate:
    """Returned for an output, or for all of them, to keep its value."""


no_update: Final = NoUpdate()


def checked(shape: object, kinds: tuple[type[Dependency], ...], where: str) -> Grouping[Dependency]:
    """A grouping of dependencies of these kinds.

    Raises DeclarationError for any other leaf, and for an id or a property that the renderer does not take.
    ``where`` names the place in its text.
    """
    expected = " or ".join(kind.__name__ for kind in kinds)
    dependencies = []
    for leaf in leaves(shape):
        if not isinstance(leaf, kinds):
            raise DeclarationError(f"{where}: expected {expected}, not {leaf!r}")
        _check_id(leaf.component_id, where)
        if not isinstance(leaf.component_property, str) or not leaf.component_property:
            raise DeclarationError(f"{where}: expected the name of a property, not {leaf!r}")
        dependencies.append(leaf)
    return Grouping(shape, tuple(dependencies))


def check_no_wildcards(dependencies: Iterable[DashDependency], where: str, advice: str) -> None:
    """Raise DeclarationError for an id that is a pattern. ``advice`` says what to write instead."""
    for dependency in dependencies:
        if dependency.has_wildcard():
            raise DeclarationError(f"{where}: the id of {dependency} has a wildcard. {advice}")


def _check_id(id: object, where: str) -> None:
    if isinstance(id, str):
        if not id or "." in id or id.startswith("{"):
            raise DeclarationError(
                f"{where}: a string id must not be empty, contain a dot or start with a brace, as {id!r} does"
            )
    elif not isinstance(id, dict) or not id:
        raise DeclarationError(f"{where}: an id is a string or a non-empty dict, not {id!r}")
    elif not all(isinstance(key, str) and key for key in id):
        raise DeclarationError(
            f"{where}: the keys of an id must be non-empty strings, unlike {id!r}"
        )
    elif not all(isinstance(part, str | int | float | bool | Wildcard) for part in id.values()):
        raise DeclarationError(
            f"{where}: the values of an id must be strings, numbers, booleans or wildcards, unlike {id!r}"
        )
