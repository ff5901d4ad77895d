"""What an answer sets beside the outputs of its callback: whose property each update is.

It follows ``sideUpdate`` of the renderer and ``actions/patternMatching.ts``, their quirks included: the
values of wildcards are those of the component whose change called the callback.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from callback_conformance.adapters.dash.renderer.ids import stringified
from callback_conformance.adapters.dash.renderer.layout import Layout
from callback_conformance.adapters.dash.renderer.patterns import ALL, Dependency
from callback_conformance.adapters.dash.renderer.payload import PageError


def targets(
    updates: Mapping[str, Any], body: Mapping[str, Any], layout: Layout
) -> list[tuple[str, Mapping[str, Any]]]:
    """The components that ``updates`` are for, and their new properties, in order.

    ``updates`` have properties (``out.children``) or ids with several; ``body`` is that of the callback's
    request. Raises PageError.
    """
    return [
        (id, {name: value} if name else value)
        for number, (key, value) in enumerate(updates.items())
        for id, name in _places(key, number, body["parsedChangedPropsIds"], layout)
    ]


def of_string_ids(
    updates: Mapping[str, Any], body: Mapping[str, Any], layout: Layout
) -> list[tuple[str, Mapping[str, Any]]]:
    """The same for a renderer that finds only components whose ids are strings."""
    properties = [(*key.split(".")[:2], value) for key, value in updates.items()]
    return [("" if id.startswith("{") else id, {name: value}) for id, name, value in properties]


def matched(updates: Mapping[str, Any], layout: Layout) -> dict[str, Any]:
    """The updates without those whose id has ``ALL`` and that no component matches."""
    dependencies = {prop: Dependency.of(prop) for prop in updates}
    return {
        prop: updates[prop]
        for prop, dependency in dependencies.items()
        if ALL not in (dependency.pattern or {}).values() or dependency.properties(layout)
    }


def _places(
    key: str, number: int, changed: list[object], layout: Layout
) -> Iterator[tuple[str, str]]:
    if not key.startswith("{"):
        id, _, name = key.partition(".")
        yield id, name
        return
    end = key.rindex("}") + 1
    id, name = json.loads(key[:end]), key[end + 1 :]
    for component in _replaced(id, number, changed, layout):
        yield stringified(component), name


def _replaced(
    id: dict[str, Any], number: int, changed: list[object], layout: Layout
) -> list[dict[str, Any]]:
    """The id with the values of its wildcards; of ``ALL`` and ``ALLSMALLER`` each that is there."""
    replaced: dict[str, Any] = {}
    for key, value in id.items():
        if not isinstance(value, list):
            replaced[key] = value
            continue
        if not changed:  # an initial call: nothing has changed
            raise PageError(f"Cannot read properties of undefined (reading '{key}')")
        trigger = changed[number] if number < len(changed) else changed[0]
        theirs = trigger.get(key) if isinstance(trigger, dict) else None
        if "MATCH" in value:
            replaced[key] = theirs
            continue
        others = _others(id, key, layout)
        if "ALLSMALLER" in value:
            others = [other for other in others if theirs is not None and other[key] < theirs]
        if others:
            return others
    return [replaced]


def _others(id: dict[str, Any], wild: str, layout: Layout) -> list[dict[str, Any]]:
    """The ids on the page that differ from ``id`` in the key ``wild`` only.

    Raises PageError where no id on the page has these keys.
    """
    members = [json.loads(text) for text in layout.members(tuple(id))]
    if not members:
        raise PageError("Cannot read properties of undefined (reading 'map')")
    return [member for member in members if {**member, wild: None} == {**id, wild: None}]
