"""How one test ended."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """How one test ended. Only an assertion of the test violates; any other error decides nothing."""

    HELD = "held"
    VIOLATED = "violated"
    UNDECIDED = "undecided"
    #: Its program cannot be written in a dialect of the implementation's own.
    INEXPRESSIBLE = "inexpressible"


@dataclass(frozen=True)
class TestedCase:
    """One test's outcome on one cell."""

    #: The test's name with its parameters, without the cell.
    name: str
    outcome: Outcome
    #: What the failure says; empty where the test held.
    message: str = ""
    #: The known deviation that it is expected to show; None for a violation of another kind.
    deviation: str | None = None

    __test__ = False

    @property
    def is_new(self) -> bool:
        """True for a violation that no known failure explains."""
        return self.outcome == Outcome.VIOLATED and not self.deviation
