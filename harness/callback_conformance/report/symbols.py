"""What stands in a square of the matrix."""

from __future__ import annotations

from collections import Counter
from enum import Enum

from callback_conformance.results.matrix_file import MatrixVerdict


class MatrixSymbol(Enum):
    """A verdict with the letter of its style class and its symbol, in the order in which reports list them."""

    VERIFIED = ("v", "✓")
    VIOLATED_NEW = ("w", "‼")
    VIOLATED = ("x", "✗")
    NOT_DECIDED = ("u", "?")
    NOT_APPLICABLE = ("n", "·")
    NOT_SELECTED = ("s", "…")
    NOT_RUN = ("m", "∅")

    def __init__(self, letter: str, symbol: str) -> None:
        self.letter = letter
        self.symbol = symbol

    @property
    def verdict(self) -> MatrixVerdict:
        """What it stands for."""
        return MatrixVerdict[self.name]

    @property
    def words(self) -> str:
        """Its verdict in words."""
        return self.verdict.value

    @property
    def fails(self) -> bool:
        """True for what has a page of its own."""
        return self in (
            MatrixSymbol.VIOLATED,
            MatrixSymbol.VIOLATED_NEW,
            MatrixSymbol.NOT_DECIDED,
        )


def worst_of(counts: Counter[MatrixSymbol]) -> MatrixSymbol:
    """What a chapter's square shows."""
    order = (
        MatrixSymbol.VIOLATED_NEW,
        MatrixSymbol.VIOLATED,
        MatrixSymbol.NOT_DECIDED,
        MatrixSymbol.NOT_RUN,
        MatrixSymbol.NOT_SELECTED,
        MatrixSymbol.VERIFIED,
    )
    return next((symbol for symbol in order if counts[symbol]), MatrixSymbol.NOT_APPLICABLE)
