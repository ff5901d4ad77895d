"""Components that are alike: ``row[1]`` and ``row[2]`` are the members of ``row``.

A dependency may stand for several of them: ``row[ALL].value`` for every one, ``row[MATCH].value`` for the one
that belongs to the trigger, ``row[ALLSMALLER].value`` for those with a smaller index than the trigger's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

WILDCARDS = ("ALL", "MATCH", "ALLSMALLER")

_MEMBER = re.compile(r"(\w+)\[(\w+)\]")


@dataclass(frozen=True)
class Member:
    """A component of a family, or a wildcard in its place: the family's name and the index."""

    family: str
    index: int | str

    @property
    def wildcard(self) -> bool:
        """True when it stands for others."""
        return self.index in WILDCARDS


def member(component: str) -> Member | None:
    """The member that a component's name says it is; None for one that belongs to no family."""
    found = _MEMBER.fullmatch(component)
    if not found:
        return None
    family, index = found.groups()
    return Member(family, int(index) if index.isdigit() else index)


def word(prop: str) -> str:
    """A property as one word, for an argument: ``row_1_value``."""
    return re.sub(r"\W+", "_", prop)
