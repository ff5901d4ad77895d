"""Fingerprints: text for any value, the same in every process, and different for different values.

It follows how a value would be pickled rather than the pickle itself, which depends on the order of a set and
on whether two equal parts are one object. A value's ``repr`` would not do: it may be shortened, or hold an
address.
"""

from __future__ import annotations

import sys
from types import BuiltinFunctionType, FunctionType
from typing import Final

_PLAIN: Final = (type(None), bool, int, float, complex, str, bytes)


class NoFingerprint(TypeError):
    """A value that cannot be told from others, or that two processes would not recognise as the same."""


def fingerprint(value: object) -> str:
    """The text of a value. Raises NoFingerprint, which says what to return instead."""
    try:
        return _text(value)
    except (NoFingerprint, RecursionError) as error:
        raise NoFingerprint(
            f"a cache_by function returned {value!r:.200}, which cannot be part of a cache key"
            f" ({error}); return a string, a number, or a tuple of these"
        ) from None


def _text(value: object) -> str:
    kind = type(value)
    if kind in _PLAIN:
        return f"{kind.__name__}:{value!r}"
    if isinstance(value, list | tuple) and kind in (list, tuple):
        return f"{kind.__name__}[{','.join(map(_text, value))}]"
    if isinstance(value, set | frozenset) and kind in (set, frozenset):
        return f"{kind.__name__}[{','.join(sorted(map(_text, value)))}]"
    if isinstance(value, dict) and kind is dict:
        pairs = sorted(f"{_text(key)}={_text(part)}" for key, part in value.items())
        return f"dict[{','.join(pairs)}]"
    if isinstance(value, type | FunctionType | BuiltinFunctionType):
        return _global(value)
    return _reduced(value)


def _global(value: object) -> str:
    """The name under which every process finds a class or a function."""
    module, name = getattr(value, "__module__", None), getattr(value, "__qualname__", "<")
    namesake: object = sys.modules.get(module or "")
    for part in name.split("."):
        namesake = getattr(namesake, part, None)
    if namesake is not value:
        raise NoFingerprint(f"{value!r} cannot be imported by a name")
    return f"{module}.{name}"


def _reduced(value: object) -> str:
    """What an object consists of: its class, and what is needed to make it again."""
    try:
        reduced = value.__reduce_ex__(4)
    except Exception as error:  # noqa: BLE001  whatever an object raises that cannot be taken apart
        raise NoFingerprint(str(error)) from None
    if isinstance(reduced, str):
        return f"{type(value).__module__}.{reduced}"
    make, args, state, list_parts, dict_parts = (*reduced, None, None, None)[:5]
    if (
        getattr(make, "__name__", "") == "__newobj__"
        and len(args) == 1
        and not (state or list_parts or dict_parts)
    ):
        raise NoFingerprint(f"two {type(value).__qualname__} objects cannot be told apart")
    parts = [*args, state, list(list_parts or ()), dict(dict_parts or ())]
    return f"{_text(make)}({','.join(map(_text, parts))})"
