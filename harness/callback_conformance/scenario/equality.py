"""When a value that is seen is the one that is expected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def same(seen: Any, expected: Any) -> bool:
    """Equal, and of the same kind: ``True`` is not ``1``, on whatever level."""
    if isinstance(seen, bool) or isinstance(expected, bool):
        return seen is expected
    if isinstance(seen, (list, tuple)) and isinstance(expected, (list, tuple)):
        return len(seen) == len(expected) and all(map(same, seen, expected))
    if isinstance(seen, Mapping) and isinstance(expected, Mapping):
        return seen.keys() == expected.keys() and all(same(seen[k], expected[k]) for k in seen)
    return bool(seen == expected)
