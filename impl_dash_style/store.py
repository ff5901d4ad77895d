"""What is kept outside the server's processes, so that all of them, and the jobs, share it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Concatenate, Final, ParamSpec, Protocol, TypeAlias, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

#: Seconds that an entry is kept after it was last needed. A day is longer than a page waits that has lost its
#: server, and short enough that the entries of abandoned runs do not pile up.
KEEP_S: Final = 86_400

#: Seconds that the start of a job may take. It takes milliseconds, but ``diskcache`` waits up to a minute for
#: its lock. A run that no manager knows by then was lost with its server.
START_S: Final = 60

#: The key of the secret that signs what pages send back.
SIGNING_KEY: Final = "impl_dash_style.signing_key"

#: How the keys of results begin that are kept for later triggers. They may be dropped at any time.
REUSABLE: Final = "entry."

#: How the keys of what a job has left for its page end.
RESULT: Final = ".outcome"


class KeyValueStore(Protocol):
    """The part of ``diskcache.Cache`` that is needed here. ``expire`` is in seconds.

    Values are what JSON holds, and dataclasses of such, which come back as dictionaries: whoever can write into
    a store can tell a page anything, but runs no code here.
    """

    def __contains__(self, key: str, /) -> bool: ...
    def get(self, key: str, /) -> Any: ...
    def set(self, key: str, value: object, /, expire: float | None = None) -> bool: ...
    def add(self, key: str, value: object, /, expire: float | None = None) -> bool: ...
    def touch(self, key: str, /, expire: float | None = None) -> bool: ...
    def delete(self, key: str, /) -> object: ...
    def transact(self, page: str, /) -> AbstractContextManager[None]:
        """Let no other process or thread be in a transaction on what is kept of the same page."""


#: A function of a store and other arguments.
StoreFunction: TypeAlias = Callable[Concatenate[KeyValueStore, P], R]


class StoreCall(Protocol):
    """How a job reaches the store: ``store_call(function, ...)`` calls ``function(store, ...)`` where it is."""

    def __call__(
        self, function: StoreFunction[P, R], /, *args: P.args, **kwargs: P.kwargs
    ) -> R: ...


def local(store: KeyValueStore) -> StoreCall:
    """The call to a store that this process can open itself."""

    def call(function: StoreFunction[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        return function(store, *args, **kwargs)

    return call


def dump(value: object) -> str:
    """A value as a store keeps it."""
    return json.dumps(value, default=vars)


def load(text: str | bytes | None) -> Any:
    """What ``dump`` was given; None for None."""
    return None if text is None else json.loads(text)


def signing_secret(store: KeyValueStore) -> bytes:
    """The secret of a store, the same in every process. The first call makes it."""
    store.add(SIGNING_KEY, secrets.token_hex(32))  # 32 bytes: no fewer than the hash that it keys
    secret: str = store.get(SIGNING_KEY)
    return secret.encode()
