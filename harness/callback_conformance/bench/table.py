"""What was measured, as a table in Markdown."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from callback_conformance.bench.rounds import Figures


@dataclass
class Rounds:
    """The figures of two implementations in each round; ``other`` is what ``own`` is compared with."""

    backend: str
    own: str
    other: str
    #: Of each round, those of ``own`` and those of ``other``.
    figures: list[tuple[Figures, Figures]] = field(default_factory=list)


def lines(measured: Rounds) -> Iterator[str]:
    """The table of one backend: the median of all rounds, and the ratios of the medians of each round."""
    if not measured.figures:
        return
    yield f"## {measured.backend}"
    yield ""
    yield f"| | {measured.own} | {measured.other} | ratio | lowest to highest round |"
    yield "|---|---|---|---|---|"
    for name in measured.figures[0][0]:
        own, other = (
            [statistics.median(figures[side][name]) for figures in measured.figures]
            for side in (0, 1)
        )
        yield f"| {name} | {_value(name, own)} | {_value(name, other)} | {_ratios(name, own, other)} |"


def _value(name: str, figures: Sequence[float]) -> str:
    if name.endswith("lost"):
        return f"{sum(figures):.0f}"
    figure = statistics.median(figures)
    if name.startswith("memory"):
        return f"{figure / 1024:.0f} KiB"
    return f"{figure:.1f}" if name.endswith("second") else f"{figure * 1000:.1f} ms"


def _ratios(name: str, own: Sequence[float], other: Sequence[float]) -> str:
    if name.endswith("lost") or not all(figure > 0 for figure in other):
        return "|"
    ratios = [numerator / figure for numerator, figure in zip(own, other, strict=True)]
    median = statistics.median(own) / statistics.median(other)
    return f"{median:.2f} | {min(ratios):.2f} to {max(ratios):.2f}"
