"""What a stored result depends on: functions for the cache key, as data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, TypeAlias

#: What results are cached by: a ``CacheBy`` or several of them; a manager's word ("session"); of a callback,
#: a list of its inputs and state. Where a mistake is the subject, any value.
CachedBy: TypeAlias = Any


@dataclass(frozen=True)
class CacheBy:
    """A function without parameters whose value is part of the cache key: its kind, and what that needs.

    ``told`` is the point of the probe that it passes when it is called, so that a test sees the call, in
    which process, and can hold it.
    """

    kind: str
    subject: Any = None
    told: str = ""

    def telling(self, point: str) -> CacheBy:
        """The same function, which passes ``point`` of the probe each time that it is called."""
        return replace(self, told=point)


def constant(value: Any) -> CacheBy:
    """A value that stands in the program, such as a version."""
    return CacheBy("constant", value)


def launch_id() -> CacheBy:
    """A random id that is made when the program starts."""
    return CacheBy("launch_id")


def text_of(file: str) -> CacheBy:
    """What stands in a file in the app's folder."""
    return CacheBy("text_of", file)


def modification_time_of(file: str) -> CacheBy:
    """When a file in the app's folder was last modified."""
    return CacheBy("modification_time_of", file)


def login_name() -> CacheBy:
    """The name under which the user who triggers the callback is logged in."""
    return CacheBy("login_name")
