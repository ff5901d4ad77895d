"""Caching: which results may be used again, and the key that decides it."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final, Self

from dash.dependencies import DashDependency

from . import visitors
from .exceptions import DeclarationError
from .fingerprint import fingerprint
from .grouping import leaves

Function = Callable[[], Any]

OPTIONS: Final = ("cache_by", "cache_args_to_skip", "cache_args_to_ignore")
"""The keywords of `callback` that say when a result may be used again."""

WORDS: Final = {"session": visitors.session, "user": visitors.user}
"""What may stand in the `cache_by` of a manager in place of a function. Each is told the page."""


@dataclass(frozen=True)
class Entry:
    """Where a result is kept for later triggers. `expire` is in seconds since its last use, or None."""

    key: str
    expire: float | None


@dataclass(frozen=True)
class Policy:
    """What a manager says about caching: functions and words, and how long an entry is kept."""

    by: tuple[Function | str, ...] = ()
    expire: float | None = None

    @classmethod
    def declare(cls, cache_by: Any, expire: Any, words: bool = True) -> Self:
        """Check a manager's arguments. Raise DeclarationError."""
        if not (expire is None or _is_number(expire)):
            raise DeclarationError(f"expire: expected seconds, more than 0, not {expire!r}")
        return cls(functions(cache_by, tuple(WORDS) if words else ()), expire)


@dataclass(frozen=True)
class Caching:
    """What a callback says about caching of its own.

    `arguments` are the dependencies, as `id.property`, whose values are in the key. `enabled` says that the
    callback asks for caching, whatever its manager does.
    """

    arguments: tuple[str, ...]
    functions: tuple[Function | str, ...] = ()
    enabled: bool = False

    @classmethod
    def declare(
        cls,
        arguments: Any,
        cache_by: Any = None,
        cache_args_to_skip: Any = None,
        cache_args_to_ignore: Any = None,
    ) -> Self:
        """Check the options of a callback with these `arguments`. Raise DeclarationError."""
        if cache_args_to_skip is not None and cache_args_to_ignore is not None:
            raise DeclarationError(
                "cache_args_to_ignore is cache_args_to_skip; give only one of them"
            )
        skip = cache_args_to_ignore if cache_args_to_skip is None else cache_args_to_skip
        kept = _names(_kept(arguments, skip))
        if not _are_dependencies(cache_by):
            return cls(kept, functions(cache_by), cache_by is not None)
        listed, own = _names(cache_by), _names(arguments)
        for name in listed:
            if name not in own:
                raise DeclarationError(f"cache_by: {name} is no input or state of this callback")
        return cls(tuple(name for name in listed if name in kept), (), enabled=True)

    def entry(
        self, callback: str, policy: Policy, values: dict[str, Any], page: str
    ) -> Entry | None:
        """Return where the result of a trigger is kept, or None if nothing asks for caching.

        `callback` tells callbacks, programs and instances apart. Must be called in the request that
        carries the trigger. What a `cache_by` function raises is passed on.
        """
        if not (self.enabled or policy.by):
            return None
        parts = {
            "callback": callback,
            "arguments": {name: _plain(values.get(name)) for name in self.arguments},
            "manager's": [_value(function, page) for function in policy.by],
            "own": [_value(function, page) for function in self.functions],
        }
        text = json.dumps(parts, sort_keys=True)
        return Entry(f"entry.{sha256(text.encode()).hexdigest()}", policy.expire)


def functions(cache_by: Any, words: tuple[str, ...] = ()) -> tuple[Function | str, ...]:
    """Return what `cache_by` holds: one or several functions without parameters, or some words."""
    if cache_by is None:
        return ()
    found = tuple(cache_by) if isinstance(cache_by, list | tuple) else (cache_by,)
    if not found:
        raise DeclarationError("cache_by: the list is empty; to cache nothing, leave cache_by away")
    expected = " or ".join(["a function without parameters", *map(repr, words)])
    for item in found:
        if not (item in words if isinstance(item, str) else _is_function(item)):
            raise DeclarationError(
                f"cache_by: expected {expected}, or a list of such, not {item!r}"
            )
    return found


def _is_function(item: Any) -> bool:
    if not callable(item) or isinstance(item, type) or inspect.iscoroutinefunction(item):
        return False
    try:
        inspect.signature(item).bind()
    except TypeError:
        return False
    except ValueError:
        return True  # one of Python's own, which does not tell its parameters
    return True


def _is_number(value: Any) -> bool:
    return (
        isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < float("inf")
    )


def _are_dependencies(cache_by: Any) -> bool:
    """Return whether it holds inputs and state in place of functions. A mixture is none."""
    found = list(leaves(cache_by))
    return bool(found) and all(isinstance(leaf, DashDependency) for leaf in found)


def _names(grouping: Any) -> tuple[str, ...]:
    return tuple(map(str, leaves(grouping)))


def _kept(arguments: Any, skip: Any) -> list[Any]:
    """Return the arguments without those that `skip` names or counts."""
    if isinstance(arguments, dict):
        given: dict[Any, Any] = arguments
        kind: type = str
        expected = "the name of an argument"
    else:
        listed = arguments if isinstance(arguments, list) else [arguments]
        given = dict(enumerate(listed))
        kind, expected = int, "the index of an argument"
    skipped = skip if isinstance(skip, list | tuple) else [] if skip is None else [skip]
    for item in skipped:
        if type(item) is not kind or item not in given:
            known = ", ".join(map(repr, given))
            raise DeclarationError(
                f"cache_args_to_skip: expected {expected}, one of {known}, not {item!r}"
            )
    return [argument for name, argument in given.items() if name not in skipped]


def _plain(value: Any) -> Any:
    """Return an argument so that equal values have one text. JSON does not tell 1 from 1.0."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value


def _value(function: Function | str, page: str) -> str:
    """Return what a function or word adds to the key of a trigger."""
    return fingerprint(WORDS[function](page) if isinstance(function, str) else function())
