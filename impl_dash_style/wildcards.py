"""Ids with wildcards: a dependency whose id is a pattern, and what it stands for on a page.

An id is a string or a dictionary. ``ALL`` and ``ALLSMALLER`` make a dependency stand for a list of components.
``MATCH`` makes the callback one for each value that a page has in its place: its instances.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from dash.dependencies import ALL, ALLSMALLER, MATCH, DashDependency, Output, Wildcard

from impl_dash_style.exceptions import DeclarationError
from impl_dash_style.wire import Sent, id_text, listed

__all__ = ["ALL", "ALLSMALLER", "ALL_SMALLER", "MATCH"]

#: The name that Dash's page on long callbacks gives to it.
ALL_SMALLER: Final = ALLSMALLER


def stands_for_many(dependency: DashDependency) -> bool:
    """Whether a dependency stands for a list of components."""
    return bool(_keys(dependency, ALL, ALLSMALLER))


def instance(dependencies: Iterable[DashDependency], sent: Iterable[Sent]) -> str:
    """The values of ``MATCH``, as text. ``sent`` is what a page says each dependency stands for."""
    matched: dict[str, object] = {}
    for dependency, props in zip(dependencies, sent, strict=True):
        for key in _keys(dependency, MATCH):
            for prop in listed(props):
                if isinstance(prop["id"], dict):
                    matched[key] = prop["id"][key]
    return id_text(matched)


def check_instances(
    outputs: Sequence[Output], arguments: Sequence[DashDependency], running: Sequence[Output]
) -> None:
    """Raise DeclarationError for patterns that do not say which instance is meant."""
    for output in [*outputs, *running]:
        if _keys(output, ALLSMALLER):
            raise DeclarationError(f"{output}: ALLSMALLER is for inputs and state only")
    matched = _keys(outputs[0], MATCH) if outputs else set()
    for output in outputs:
        if _keys(output, MATCH) != matched:
            raise DeclarationError(
                f"{output}: each output must have MATCH at the same keys of its id as {outputs[0]}"
            )
    if not matched:  # then the inputs tell instances apart
        matched = {key for argument in arguments for key in _keys(argument, MATCH)}
    for dependency in [*arguments, *running]:
        if missing := _keys(dependency, MATCH, ALLSMALLER) - matched:
            raise DeclarationError(
                f"{dependency}: MATCH or ALLSMALLER at {', '.join(sorted(missing))}, where no output"
                " has MATCH; give an output MATCH at this key"
            )


def _keys(dependency: DashDependency, *wildcards: Wildcard) -> set[str]:
    """The keys of its id at which one of these wildcards stands."""
    id = dependency.component_id
    return {key for key, part in id.items() if part in wildcards} if isinstance(id, dict) else set()
