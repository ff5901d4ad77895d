"""Components that are alike: ``row[1]`` and ``row[2]`` belong to the family ``row``.

A dependency may stand for several of them: ``row[ALL].value`` for every one, ``row[MATCH].value`` for the one
that belongs to the trigger, ``row[ALLSMALLER].value`` for those with a smaller index than the trigger's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

WILDCARDS = ("ALL", "MATCH", "ALLSMALLER")

_INDEXED = re.compile(r"(\w+)\[(\w+)\]")


@dataclass(frozen=True)
class IndexedComponent:
    """A component of a family, or a wildcard in its place: the family's name and the index."""

    family: str
    index: int | str

    @property
    def is_wildcard(self) -> bool:
        """True when it stands for others."""
        return self.index in WILDCARDS


def indexed_component(component: str) -> IndexedComponent | None:
    """The family and the index in a component's name; None for a component of no family."""
    match = _INDEXED.fullmatch(component)
    if not match:
        return None
    family, index = match.groups()
    return IndexedComponent(family, int(index) if index.isdigit() else index)


def as_identifier(prop: str) -> str:
    """A property as one word, for an argument: ``row_1_value``."""
    return re.sub(r"\W+", "_", prop)
