"""Which components a dependency of a Dash callback stands for, wildcards included.

It follows ``idMatch`` and ``resolveDeps`` of the renderer (``actions/dependencies.js``). A wildcard stands in
an id in JSON as a list of one word.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from callback_conformance.adapters.dash.renderer.ids import parsed, split, stringified
from callback_conformance.adapters.dash.renderer.layout import Layout

ALL, MATCH, SMALLER = ["ALL"], ["MATCH"], ["ALLSMALLER"]
WILDCARDS = (ALL, MATCH, SMALLER)


@dataclass(frozen=True)
class Property:
    """A property of one component."""

    id: str
    name: str

    def __str__(self) -> str:
        return f"{self.id}.{self.name}"

    @property
    def sent(self) -> dict[str, Any]:
        """As a request carries it."""
        return {"id": parsed(self.id), "property": self.name}


@dataclass(frozen=True)
class Dependency:
    """An output, an input or a state of a callback, as the server lists it: an id or a pattern of ids."""

    id: str
    name: str

    @classmethod
    def of(cls, prop: str) -> Dependency:
        """The dependency for a text such as ``out.children``."""
        return cls(*split(prop))

    @classmethod
    def listed(cls, entry: Mapping[str, Any]) -> Dependency:
        """The dependency for an entry of the server's list."""
        return cls(stringified(entry["id"]), entry["property"])

    def __str__(self) -> str:
        return f"{self.id}.{self.name}"

    @cached_property
    def pattern(self) -> Mapping[str, Any] | None:
        """The id by its keys, which are sorted; None for an id that is a string."""
        keys = parsed(self.id)
        return dict(sorted(keys.items())) if isinstance(keys, dict) else None

    @property
    def keys(self) -> tuple[str, ...]:
        """The sorted keys of the id."""
        return tuple(self.pattern or ())

    @cached_property
    def multiple(self) -> bool:
        """True when it stands for a list."""
        return any(value in (ALL, SMALLER) for value in (self.pattern or {}).values())

    @cached_property
    def match_keys(self) -> tuple[str, ...]:
        """The keys whose value is ``MATCH``."""
        return tuple(key for key, value in (self.pattern or {}).items() if value == MATCH)

    def matches(self, id: str, reference: Reference | None = None) -> bool:
        """True when the pattern stands for ``id``, beside ``reference`` if there is one."""
        keys = parsed(id)
        if self.pattern is None or not isinstance(keys, dict):
            return self.id == id
        return all(
            _fits(key, value, keys[key], reference) if key in keys else False
            for key, value in self.pattern.items()
        ) and len(keys) == len(self.pattern)

    def properties(self, layout: Layout, reference: Reference | None = None) -> list[Property]:
        """The properties on the page that it stands for."""
        if self.pattern is None:
            return [Property(self.id, self.name)] if self.id in layout else []
        members = layout.members(self.keys)
        return [Property(id, self.name) for id in members if self.matches(id, reference)]


@dataclass(frozen=True)
class Reference:
    """The component to which an instance of a callback belongs, and the pattern that it matches."""

    id: str
    pattern: Dependency

    @property
    def match(self) -> str:
        """The values that stand for ``MATCH``: they tell the instances of a callback apart."""
        keys = parsed(self.id)
        assert isinstance(keys, dict)
        values = [keys[key] for key in self.pattern.match_keys]
        return json.dumps(values) if values else ""


def _fits(key: str, value: object, present: object, reference: Reference | None) -> bool:
    if value not in WILDCARDS:
        return type(value) is type(present) and bool(value == present)
    if reference is None or value == ALL:
        return True
    theirs = parsed(reference.id)
    pattern = reference.pattern.pattern or {}
    assert isinstance(theirs, dict)
    if key not in theirs:
        return False
    wanted = -1 if value == SMALLER else 1 if pattern.get(key) == SMALLER else 0
    return _order(present, theirs[key]) == wanted


def _order(value: object, other: object) -> int:
    """-1, 0 or 1: numbers, and texts that are numbers, come first, then booleans, then texts."""
    rank, other_rank = _rank(value), _rank(other)
    return (rank > other_rank) - (rank < other_rank)


def _rank(value: Any) -> tuple[int, Any]:
    if isinstance(value, bool):
        return 1, value
    try:
        return 0, float(value)
    except ValueError:
        return 2, value
