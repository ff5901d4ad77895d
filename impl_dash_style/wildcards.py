"""Ids with wildcards: a dependency whose id is a pattern, and what it stands for on a page.

An id is a text or a dictionary. `ALL` and `ALLSMALLER` make a dependency stand for a list of components.
`MATCH` makes the callback one for each value that a page has in its place: its instances.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final

from dash.dependencies import ALL, ALLSMALLER, MATCH, DashDependency

from .exceptions import DeclarationError

__all__ = ["ALL", "ALLSMALLER", "ALL_SMALLER", "MATCH"]

ALL_SMALLER: Final = ALLSMALLER
"""The name that Dash's page on long callbacks gives to it."""


def text(id: str | dict[str, Any]) -> str:
    """Return an id as the renderer writes it."""
    if isinstance(id, str):
        return id
    return json.dumps(id, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def keys(dependency: DashDependency, *wildcards: Any) -> set[str]:
    """Return the keys of its id at which one of these wildcards stands."""
    id = dependency.component_id
    return (
        {key for key, value in id.items() if value in wildcards} if isinstance(id, dict) else set()
    )


def many(dependency: DashDependency) -> bool:
    """Return whether it stands for a list of components."""
    return bool(keys(dependency, ALL, ALLSMALLER))


def instance(dependencies: Iterable[DashDependency], sent: Iterable[Any]) -> str:
    """Return the values of `MATCH`, as a text. `sent` is what a page says each dependency stands for."""
    found: dict[str, Any] = {}
    for dependency, items in zip(dependencies, sent, strict=True):
        for key in keys(dependency, MATCH):
            for item in items if isinstance(items, list) else [items]:
                found[key] = item["id"][key]
    return text(found)


def check(outputs: list[Any], arguments: list[Any], running: list[Any]) -> None:
    """Refuse patterns that do not say which instance is meant. Raise DeclarationError."""
    for output in [*outputs, *running]:
        if keys(output, ALLSMALLER):
            raise DeclarationError(f"{output}: ALLSMALLER can stand in inputs and state alone")
    known = keys(outputs[0], MATCH) if outputs else set()
    for output in outputs:
        if keys(output, MATCH) != known:
            raise DeclarationError(
                f"{output}: each output must have MATCH at the same keys of its id, as {outputs[0]} has"
            )
    if not known:  # then the inputs tell instances apart
        known = {key for argument in arguments for key in keys(argument, MATCH)}
    for dependency in [*arguments, *running]:
        if missing := keys(dependency, MATCH, ALLSMALLER) - known:
            raise DeclarationError(
                f"{dependency}: MATCH or ALLSMALLER at {', '.join(sorted(missing))}, where no output"
                " has MATCH; give an output MATCH at this key"
            )
