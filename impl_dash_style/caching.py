"""Caching: which results may be used again, and the key that decides it."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Final, NamedTuple, Self, TypeAlias, TypeGuard

from dash.dependencies import DashDependency

from impl_dash_style import sessions
from impl_dash_style.encoding import Json
from impl_dash_style.exceptions import DeclarationError
from impl_dash_style.fingerprint import fingerprint
from impl_dash_style.grouping import leaves
from impl_dash_style.store import REUSABLE

#: A function without parameters, or one of ``WORDS``. A result is used again as long as it returns the same.
CacheBy: TypeAlias = "Callable[[], object] | str"

#: The keywords of ``callback`` that say when a result may be used again.
OPTIONS: Final = (
    "cache_by",
    "cache_ignore_triggered",
    "cache_args_to_skip",
    "cache_args_to_ignore",
)

#: What may stand in the ``cache_by`` of a manager in place of a function. Each is a function of the page's id.
WORDS: Final = {"session": sessions.session, "user": sessions.user}


class CacheEntry(NamedTuple):
    """Where a result is kept for later triggers."""

    key: str
    expire: float | None  # in seconds since its last use


@dataclass(frozen=True)
class CachePolicy:
    """What a manager says about caching."""

    cache_by: tuple[CacheBy, ...] = ()
    expire: float | None = None  # in seconds since an entry's last use

    @classmethod
    def declare(cls, cache_by: object, expire: object, words: bool = True) -> Self:
        """Check a manager's arguments. Raises DeclarationError for those that cannot work."""
        if expire is not None and not _is_positive_number(expire):
            raise DeclarationError(f"expire: expected a positive number of seconds, not {expire!r}")
        return cls(check_cache_by(cache_by, tuple(WORDS) if words else ()), expire)


class Caches:
    """The part of a manager that says what is cached. It may be changed until the first page is loaded."""

    policy: CachePolicy
    _words = True  # whether `cache_by` takes "session" and "user"

    @property
    def cache_by(self) -> object:
        """What the key of an entry is made of beside the arguments. Raises DeclarationError if it cannot be."""
        return self.policy.cache_by

    @cache_by.setter
    def cache_by(self, cache_by: object) -> None:
        self.policy = CachePolicy.declare(cache_by, self.policy.expire, self._words)

    @property
    def expire(self) -> float | None:
        """How long an entry is kept, in seconds since its last use. Raises DeclarationError for no such time."""
        return self.policy.expire

    @expire.setter
    def expire(self, expire: float | None) -> None:
        self.policy = replace(self.policy, expire=CachePolicy.declare(None, expire).expire)


@dataclass(frozen=True)
class CacheOptions:
    """What a callback says about caching."""

    arguments: tuple[str, ...]  # the `id.property` of each whose value is part of the key
    cache_by: tuple[CacheBy, ...] = ()
    enabled: bool = False  # cache, whatever the manager says
    ignores_trigger: bool = True  # which input has changed is no part of the key

    @classmethod
    def declare(
        cls,
        arguments: object,
        cache_by: object = None,
        cache_args_to_skip: object = None,
        cache_args_to_ignore: object = None,
        cache_ignore_triggered: object = True,
    ) -> Self:
        """Check the options of a callback with this grouping of arguments.

        Raises DeclarationError for options that cannot work.
        """
        if cache_args_to_skip is not None and cache_args_to_ignore is not None:
            raise DeclarationError(
                "cache_args_to_ignore is the older name of cache_args_to_skip; give only one of them"
            )
        ignores = cache_ignore_triggered
        if not isinstance(ignores, bool):
            raise DeclarationError(f"cache_ignore_triggered: expected a bool, not {ignores!r}")
        skip = cache_args_to_ignore if cache_args_to_skip is None else cache_args_to_skip
        kept = _names(_kept(arguments, skip))
        if not _are_dependencies(cache_by):
            return cls(kept, check_cache_by(cache_by), cache_by is not None, ignores)
        listed, own = _names(cache_by), _names(arguments)
        for name in listed:
            if name not in own:
                raise DeclarationError(
                    f"cache_by: {name} is not an input or state of this callback"
                )
        return cls(tuple(name for name in listed if name in kept), (), True, ignores)

    def entry(
        self, callback: str, policy: CachePolicy, values: Mapping[str, Json], page: str
    ) -> CacheEntry | None:
        """Where the result of a trigger is kept, or None if neither callback nor manager cache.

        ``callback`` tells callbacks, programs and instances apart. Must be called in the request that
        carries the trigger. What a ``cache_by`` function raises is passed on.
        """
        if not (self.enabled or policy.cache_by):
            return None
        key = {
            "callback": callback,
            "arguments": {name: _normal(values.get(name)) for name in self.arguments},
            "manager's": [_returned(function, page) for function in policy.cache_by],
            "own": [_returned(function, page) for function in self.cache_by],
        }
        text = json.dumps(key, sort_keys=True)
        return CacheEntry(f"{REUSABLE}{sha256(text.encode()).hexdigest()}", policy.expire)


def check_cache_by(cache_by: object, words: tuple[str, ...] = ()) -> tuple[CacheBy, ...]:
    """The functions without parameters, and the words, that ``cache_by`` holds, alone or in a list.

    Raises DeclarationError for anything else.
    """
    if cache_by is None:
        return ()
    functions = tuple(cache_by) if isinstance(cache_by, list | tuple) else (cache_by,)
    if not functions:
        raise DeclarationError("cache_by: the list is empty; leave cache_by out to cache nothing")
    expected = " or ".join(["a function without parameters", *map(repr, words)])
    for function in functions:
        if not (function in words if isinstance(function, str) else _takes_nothing(function)):
            raise DeclarationError(
                f"cache_by: expected {expected}, or a list of these, not {function!r}"
            )
    return functions


def _takes_nothing(function: object) -> bool:
    """Whether it is a function that can be called without arguments."""
    if (
        not callable(function)
        or isinstance(function, type)
        or inspect.iscoroutinefunction(function)
    ):
        return False
    try:
        inspect.signature(function).bind()
    except TypeError:
        return False
    except ValueError:
        return True  # a function in C, whose parameters cannot be read
    return True


def _is_positive_number(value: object) -> TypeGuard[float]:
    return (
        isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < float("inf")
    )


def _are_dependencies(cache_by: object) -> bool:
    """Whether it holds inputs and state, and nothing else, in place of functions."""
    named = list(leaves(cache_by))
    return bool(named) and all(isinstance(leaf, DashDependency) for leaf in named)


def _names(grouping: object) -> tuple[str, ...]:
    return tuple(map(str, leaves(grouping)))


def _kept(arguments: object, skip: object) -> list[object]:
    """The arguments except those that ``skip`` gives by name or by index."""
    keyed: dict[object, object]
    if isinstance(arguments, dict):
        keyed, expected = arguments, "the name of an argument"
    else:
        listed = arguments if isinstance(arguments, list) else [arguments]
        keyed, expected = dict(enumerate(listed)), "the index of an argument"
    skipped = skip if isinstance(skip, list | tuple) else [] if skip is None else [skip]
    for key in skipped:
        if type(key) not in (str, int) or key not in keyed:
            choices = ", ".join(map(repr, keyed))
            raise DeclarationError(
                f"cache_args_to_skip: expected {expected}, one of {choices}, not {key!r}"
            )
    return [argument for key, argument in keyed.items() if key not in skipped]


def _normal(value: Json) -> Json:
    """An argument in a form in which equal values have equal texts. JSON does not tell 1 from 1.0."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_normal(part) for part in value]
    if isinstance(value, dict):
        return {key: _normal(part) for key, part in value.items()}
    return value


def _returned(function: CacheBy, page: str) -> str:
    """What a function or word adds to the key of a trigger."""
    return fingerprint(WORDS[function](page) if isinstance(function, str) else function())
