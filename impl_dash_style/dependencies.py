"""What a callback may name: the dependency classes of Dash, and the marker `no_update`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from dash.dependencies import DashDependency, Input, Output, State, Wildcard

from .exceptions import DeclarationError
from .grouping import leaves
from .wildcards import ALL, ALL_SMALLER, ALLSMALLER, MATCH

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
    "check",
    "check_id",
    "no_update",
    "refuse_wildcards",
]


class NoUpdate:
    """Returned for an output, or for all of them, that is to keep its value."""


no_update: Final = NoUpdate()


def check(grouping: Any, kinds: tuple[type[DashDependency], ...], where: str) -> None:
    """Refuse a grouping with a leaf that is none of `kinds`, or whose id or property is none."""
    expected = " or ".join(kind.__name__ for kind in kinds)
    for leaf in leaves(grouping):
        if not isinstance(leaf, kinds):
            raise DeclarationError(f"{where}: expected {expected}, not {leaf!r}")
        check_id(leaf.component_id, where)
        if not isinstance(leaf.component_property, str) or not leaf.component_property:
            raise DeclarationError(f"{where}: expected a property's name, not {leaf!r}")


def check_id(id: Any, where: str) -> None:
    """Refuse what the renderer does not take for an id. It may hold wildcards."""
    if isinstance(id, str):
        if not id or "." in id or id.startswith("{"):
            raise DeclarationError(
                f"{where}: an id that is a text must not be empty, hold a dot or begin with a brace,"
                f" as {id!r} does"
            )
    elif not isinstance(id, dict) or not id:
        raise DeclarationError(f"{where}: an id is a text or a dict, not {id!r}")
    elif not all(isinstance(key, str) and key for key in id):
        raise DeclarationError(f"{where}: the keys of an id must be texts, not those of {id!r}")
    elif not all(isinstance(item, str | int | float | bool | Wildcard) for item in id.values()):
        raise DeclarationError(
            f"{where}: the values of an id must be texts, numbers, booleans or wildcards, not those of"
            f" {id!r}"
        )


def refuse_wildcards(dependencies: Iterable[DashDependency], where: str, why: str) -> None:
    """Refuse a dependency whose id is a pattern. `why` says what supports none, and what does."""
    for dependency in dependencies:
        if dependency.has_wildcard():
            raise DeclarationError(f"{where}: the id of {dependency} has a wildcard. {why}")
