"""What a callback may name: the dependency classes of Dash, and the marker `no_update`."""

from __future__ import annotations

from typing import Any, Final

from dash.dependencies import ALL, ALLSMALLER, MATCH, DashDependency, Input, Output, State

from .exceptions import DeclarationError
from .grouping import leaves

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
    "no_update",
]

ALL_SMALLER: Final = ALLSMALLER
"""The name that the document on long callbacks has for it."""


class NoUpdate:
    """Returned for an output, or for all of them, that is to keep its value."""


no_update: Final = NoUpdate()


def check(grouping: Any, kinds: tuple[type[DashDependency], ...], where: str) -> None:
    """Refuse a grouping with a leaf that is none of `kinds`, or that no single property answers to."""
    expected = " or ".join(kind.__name__ for kind in kinds)
    for leaf in leaves(grouping):
        if not isinstance(leaf, kinds):
            raise DeclarationError(f"{where}: expected {expected}, not {leaf!r}")
        if leaf.has_wildcard():
            raise DeclarationError(f"{where}: {leaf} is a pattern; only plain ids are supported")
        if leaf.allow_duplicate:
            raise DeclarationError(f"{where}: {leaf} has allow_duplicate, which is not supported")
