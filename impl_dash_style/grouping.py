"""Groupings: one dependency, or a list, tuple or dict of groupings.

Outputs, arguments and progress are declared as groupings, and values travel in the same shape. A leaf
is anything but a list, tuple or dict.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

Leaf = TypeVar("Leaf")


@dataclass(frozen=True)
class Grouping(Generic[Leaf]):
    """A grouping whose leaves are all of one kind."""

    shape: object  # as the program wrote it
    leaves: tuple[Leaf, ...]  # from left to right

    def fill(self, values: Iterable[object]) -> object:
        """The same shape with these values in the place of its leaves, from left to right."""
        return _fill(self.shape, iter(values))

    def fill_call(self, values: Iterable[object]) -> tuple[list[object], dict[str, object]]:
        """These values as positional and keyword arguments: those of a dict by name, of a list by position.

        Any other shape is one argument.
        """
        remaining = iter(values)
        if isinstance(self.shape, dict):
            return [], {name: _fill(part, remaining) for name, part in self.shape.items()}
        parts = self.shape if isinstance(self.shape, list) else [self.shape]
        return [_fill(part, remaining) for part in parts], {}

    def match(self, value: object, where: str) -> list[object]:
        """Take a value apart: one part for each leaf, in the order of ``leaves``.

        A leaf takes its part whole, so a list for a single dependency stays a list. Raises ValueError for a
        value of another shape; ``where`` names the value in its text.
        """
        return _match(self.shape, value, where)


def leaves(grouping: object) -> Iterator[object]:
    """The leaves of a grouping, from left to right."""
    if isinstance(grouping, dict):
        grouping = list(grouping.values())
    if not isinstance(grouping, list | tuple):
        yield grouping
        return
    for part in grouping:
        yield from leaves(part)


def _fill(shape: object, values: Iterator[object]) -> object:
    if isinstance(shape, dict):
        return {key: _fill(part, values) for key, part in shape.items()}
    if isinstance(shape, list | tuple):
        parts = [_fill(part, values) for part in shape]
        return parts if isinstance(shape, list) else tuple(parts)
    return next(values)


def _match(shape: object, value: object, where: str) -> list[object]:
    if isinstance(shape, dict):
        if not isinstance(value, dict) or value.keys() != shape.keys():
            raise ValueError(f"{where} must be a dict with the keys {list(shape)}, not {value!r}")
        pairs = [(part, value[key]) for key, part in shape.items()]
    elif isinstance(shape, list | tuple):
        if not isinstance(value, list | tuple) or len(value) != len(shape):
            raise ValueError(
                f"{where} must be a list or tuple of {len(shape)} values, not {value!r}"
            )
        pairs = list(zip(shape, value, strict=True))
    else:
        return [value]
    return [leaf for part, part_value in pairs for leaf in _match(part, part_value, where)]
