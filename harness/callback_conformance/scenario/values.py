"""Values in a scenario, and what stands for a value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Argument:
    """Stands for the value of one of the function's arguments."""

    name: str


@dataclass(frozen=True)
class BarFigure:
    """Stands for a Plotly figure with one bar: a value with structure, as progress bars are drawn."""

    value: int
    total: int


@dataclass(frozen=True)
class Appended:
    """Stands for a patch: the list that the property holds, with one more item."""

    item: Value


@dataclass(frozen=True)
class NoUpdate:
    """Stands for "leave this output as it is" among the results of a job."""


NO_UPDATE = NoUpdate()

#: What a program holds as it stands, and what stands for a value in it.
Value: TypeAlias = (
    "bool | int | float | str | Argument | BarFigure | Appended | NoUpdate"
    " | Sequence[Value] | Mapping[str, Value] | None"
)


def arg(name: str) -> Argument:
    """The value of the argument ``name``, whole."""
    return Argument(name)


def appended(item: Value) -> Appended:
    """What the property holds, a list, with one more item."""
    return Appended(item)


def bar_figure(value: int, total: int) -> BarFigure:
    """A Plotly figure with one bar of length ``value`` on an axis up to ``total``."""
    return BarFigure(value, total)
