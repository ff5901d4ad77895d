"""Groupings: one dependency, or a list, tuple or dict of groupings.

Outputs, arguments and progress are declared as groupings, and values travel in the same shape. A leaf
is anything that is no list, tuple or dict.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any


def leaves(grouping: Any) -> Iterator[Any]:
    """Yield the leaves of a grouping, from left to right."""
    if isinstance(grouping, dict):
        grouping = list(grouping.values())
    if not isinstance(grouping, list | tuple):
        yield grouping
        return
    for item in grouping:
        yield from leaves(item)


def replace(grouping: Any, change: Callable[[Any], Any]) -> Any:
    """Return a grouping of the same shape with `change(leaf)` in the place of each leaf."""
    if isinstance(grouping, dict):
        return {key: replace(item, change) for key, item in grouping.items()}
    if isinstance(grouping, list | tuple):
        items = [replace(item, change) for item in grouping]
        return items if isinstance(grouping, list) else tuple(items)
    return change(grouping)


def match(grouping: Any, value: Any, what: str) -> list[Any]:
    """Take a value apart along a grouping: one item for each leaf, in the order of `leaves`.

    What stands at a leaf is taken whole, so a list for a single dependency stays a list. A value of
    another shape raises ValueError; `what` names the value in its text.
    """
    if isinstance(grouping, dict):
        if not isinstance(value, dict) or value.keys() != grouping.keys():
            raise ValueError(f"{what} must be a dict with the keys {list(grouping)}, not {value!r}")
        pairs = [(item, value[key]) for key, item in grouping.items()]
    elif isinstance(grouping, list | tuple):
        if not isinstance(value, list | tuple) or len(value) != len(grouping):
            raise ValueError(
                f"{what} must be a list or tuple of {len(grouping)} items, not {value!r}"
            )
        pairs = list(zip(grouping, value, strict=True))
    else:
        return [value]
    return [leaf for item, part in pairs for leaf in match(item, part, what)]
