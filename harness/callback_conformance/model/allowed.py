"""What a page may show in the place of one property, and which requirements say so."""

from __future__ import annotations

from dataclasses import dataclass

from callback_conformance.scenario.equality import same


@dataclass(frozen=True)
class Allowed:
    """The values that a property may have."""

    #: None: whatever it is, because it is implementation-defined.
    values: tuple[object, ...] | None
    #: The requirements that say so, the narrowest first.
    requirements: tuple[str, ...] = ()

    def holds(self, seen: object) -> bool:
        """Whether the property may have this value."""
        return self.values is None or any(same(seen, expected) for expected in self.values)

    def or_else(self, other: Allowed) -> Allowed:
        """What this or the other allows: for what is left to the implementation."""
        if self.values is None or other.values is None:
            return ANYTHING
        return Allowed(self.values + other.values, self.requirements + other.requirements)

    def narrowed_by(self, requirement: str) -> Allowed:
        """The same values, because of a narrower requirement too."""
        return Allowed(self.values, (requirement, *self.requirements))


ANYTHING = Allowed(None)


def exactly(expected: object, *requirements: str) -> Allowed:
    """This value and no other."""
    return Allowed((expected,), requirements)
