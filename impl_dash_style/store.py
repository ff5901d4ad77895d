"""What is kept outside the server's processes, so that all of them, and the jobs, share it."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Concatenate, Final, ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

KEEP_S: Final = 86_400
"""Seconds that an entry lives after it was last needed. A day is longer than a page waits that has
lost its server, and short enough that what abandoned runs leave does not pile up."""

START_S: Final = 60
"""Seconds that the start of a job may take. It takes milliseconds, but `diskcache` waits up to a
minute for its lock. A run that no manager knows by then was lost with its server."""

SIGNING_ENTRY: Final = "impl_dash_style.secret"
"""Where the secret is kept that signs what pages send back."""


class Store(Protocol):
    """The part of `diskcache.Cache` that is needed here."""

    def __contains__(self, key: str, /) -> bool: ...
    def get(self, key: str, /) -> Any: ...
    def set(self, key: str, value: Any, /, expire: float | None = None) -> bool: ...
    def add(self, key: str, value: Any, /, expire: float | None = None) -> bool: ...
    def touch(self, key: str, /, expire: float | None = None) -> bool: ...
    def delete(self, key: str, /) -> bool: ...
    def transact(self) -> AbstractContextManager[None]: ...


class Ask(Protocol):
    """How a job reaches the store, wherever that is: `ask(function, ...)` calls `function(store, ...)` there."""

    def __call__(
        self, function: Callable[Concatenate[Store, P], R], /, *args: P.args, **kwargs: P.kwargs
    ) -> R: ...


def here(store: Store) -> Ask:
    """Return how a store is asked that is at hand."""

    def ask(
        function: Callable[Concatenate[Store, P], R], /, *args: P.args, **kwargs: P.kwargs
    ) -> R:
        return function(store, *args, **kwargs)

    return ask


def secret(store: Store) -> bytes:
    """Return the secret of a store, the same in every process. It is made when first asked for."""
    store.add(SIGNING_ENTRY, os.urandom(32))  # 32 bytes: no fewer than the hash that it keys
    found: bytes = store.get(SIGNING_ENTRY)
    return found
