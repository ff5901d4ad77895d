"""What a stored result depends on: functions for the cache key, as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TypeAlias

from callback_conformance.scenario.values import Value


@dataclass(frozen=True)
class CacheBy:
    """A function without parameters whose value is part of the cache key."""

    #: How it comes to its value: the name of one of the functions below.
    kind: str
    #: What that needs: a value, or the name of a file.
    subject: Value = None
    #: The words that may stand in the file, each with the Python expression of its value.
    table: Mapping[str, str] = field(default_factory=dict)
    #: The modules that the expressions use.
    modules: tuple[str, ...] = ()
    #: The point that the function reports to the probe each time that it is called, so that a test sees the
    #: call, in which process, and can hold it; empty: none.
    hits: str = ""

    def hitting(self, point: str) -> CacheBy:
        """The same function, which reports ``point`` to the probe each time that it is called."""
        return replace(self, hits=point)


#: What results are cached by: a ``CacheBy`` or several of them; a manager's word ("session"); of a callback,
#: a list of its inputs and state. Where a mistake is the subject, any value.
CachedBy: TypeAlias = "CacheBy | Value | Sequence[CachedBy]"


def constant(value: Value) -> CacheBy:
    """A value that stands in the program, such as a version."""
    return CacheBy("constant", value)


def launch_id() -> CacheBy:
    """A random id that is made when the program starts."""
    return CacheBy("launch_id")


def text_of(file: str) -> CacheBy:
    """The text of a file in the app's folder."""
    return CacheBy("text_of", file)


def modification_time_of(file: str) -> CacheBy:
    """When a file in the app's folder was last modified."""
    return CacheBy("modification_time_of", file)


def modification_date_of(file: str) -> CacheBy:
    """When a file in the app's folder was last modified, as an object of Python."""
    return CacheBy("modification_date_of", file)


def parameter() -> CacheBy:
    """What the function is called with: a mistake, because nothing is given to it."""
    return CacheBy("parameter")


def login_name() -> CacheBy:
    """The name under which the user who triggers the callback is logged in."""
    return CacheBy("login_name")


def value_in(file: str, table: Mapping[str, str], *modules: str) -> CacheBy:
    """The value that the program's table has for the word in a file of the app's folder."""
    return CacheBy("value_in", file, table=MappingProxyType(dict(table)), modules=modules)
