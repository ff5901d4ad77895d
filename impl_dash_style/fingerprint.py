"""Fingerprints: a text for any value, the same in every process, and another for another value.

It follows how a value would be pickled, and not the pickle itself: that depends on the order of a set, and
on whether two equal parts are one object. A representation may be shortened, or hold an address.
"""

from __future__ import annotations

import sys
from types import BuiltinFunctionType, FunctionType
from typing import Any, Final

_PLAIN: Final = (type(None), bool, int, float, complex, str, bytes)


class NoFingerprint(TypeError):
    """A value that nothing tells from others, or that no two processes would know for the same."""


def fingerprint(value: Any) -> str:
    """Return the text of a value. Raise NoFingerprint, with what to return instead."""
    try:
        return _text(value)
    except (NoFingerprint, RecursionError) as error:
        raise NoFingerprint(
            f"a cache_by function has returned {value!r:.200}, which cannot be part of a key"
            f" ({error}); return a text, a number, or a tuple of such"
        ) from None


def _text(value: Any) -> str:
    kind = type(value)
    if kind in _PLAIN:
        return f"{kind.__name__}:{value!r}"
    if kind in (list, tuple):
        return f"{kind.__name__}[{','.join(map(_text, value))}]"
    if kind in (set, frozenset):
        return f"{kind.__name__}[{','.join(sorted(map(_text, value)))}]"
    if kind is dict:
        items = sorted(f"{_text(key)}={_text(item)}" for key, item in value.items())
        return f"dict[{','.join(items)}]"
    if isinstance(value, type | FunctionType | BuiltinFunctionType):
        return _global(value)
    return _reduced(value)


def _global(value: Any) -> str:
    """Return the name of a class or a function that every process finds under it."""
    module, name = getattr(value, "__module__", None), getattr(value, "__qualname__", "<")
    found: Any = sys.modules.get(module or "")
    for part in name.split("."):
        found = getattr(found, part, None)
    if found is not value:
        raise NoFingerprint(f"{value!r} has no name of its own")
    return f"{module}.{name}"


def _reduced(value: Any) -> str:
    """Return what an object consists of: its class, and what is needed to make it again."""
    try:
        reduced = value.__reduce_ex__(4)
    except Exception as error:  # noqa: BLE001  whatever an object says when it cannot be taken apart
        raise NoFingerprint(str(error)) from None
    if isinstance(reduced, str):
        return f"{type(value).__module__}.{reduced}"
    make, given, state, items, pairs = (*reduced, None, None, None)[:5]
    if (
        getattr(make, "__name__", "") == "__newobj__"
        and len(given) == 1
        and not (state or items or pairs)
    ):
        raise NoFingerprint(f"nothing tells one {type(value).__qualname__} from another")
    parts = [*given, state, list(items or ()), dict(pairs or ())]
    return f"{_text(make)}({','.join(map(_text, parts))})"
