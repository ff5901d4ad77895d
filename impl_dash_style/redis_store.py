"""A store in Redis, shared by server processes and workers on however many machines."""

from __future__ import annotations

import pickle
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Concatenate, Final

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import LockError, RedisError
from redis.retry import Retry

from .exceptions import CallbackFailure
from .store import Ask, P, R, Store

CONNECTION: Final = {
    "socket_timeout": 5.0,  # seconds: a server that hangs is told to the page, not waited for
    "socket_connect_timeout": 5.0,
    "retry": Retry(NoBackoff(), 0),  # `add` must not be repeated: it would find what it has added
    "decode_responses": False,
}
"""How a client for a store connects."""

_PREFIX: Final = "impl_dash_style."

_LOCK_S: Final = 5
"""Seconds after which a transaction is free again whose process was killed or stalled in it."""

_WAIT_S: Final = 30
"""Seconds to wait for a transaction. Each takes a millisecond or two."""

_Writes = dict[str, tuple[bytes | None, float | None]]
"""What a transaction will write, by key: the value, None to delete it, and its `expire`."""


class RedisStore:
    """Keeps pickled values: who may write into the database may run code here, as with `diskcache`."""

    def __init__(self, redis: Redis) -> None:
        """Take a client that was made with CONNECTION. Each process opens connections of its own."""
        self._redis = redis
        self._thread = threading.local()

    @property
    def _writes(self) -> _Writes | None:
        """What this thread's transaction will write, if it is in one."""
        return getattr(self._thread, "writes", None)

    def __contains__(self, key: str, /) -> bool:
        if self._writes is not None and key in self._writes:
            return self._writes[key][0] is not None
        return bool(self._redis.exists(_PREFIX + key))

    def get(self, key: str, /) -> Any:
        data: Any
        if self._writes is not None and key in self._writes:
            data, _ = self._writes[key]
        else:
            data = self._redis.get(_PREFIX + key)
        return None if data is None else pickle.loads(data)  # noqa: S301  see the class

    def set(self, key: str, value: Any, /, expire: float | None = None) -> bool:
        data = pickle.dumps(value)
        if self._writes is None:
            self._redis.set(_PREFIX + key, data, px=_milliseconds(expire))
        else:
            self._writes[key] = data, expire
        return True

    def add(self, key: str, value: Any, /, expire: float | None = None) -> bool:
        if self._writes is not None:
            return key not in self and self.set(key, value, expire=expire)
        data = pickle.dumps(value)
        return bool(self._redis.set(_PREFIX + key, data, px=_milliseconds(expire), nx=True))

    def touch(self, key: str, /, expire: float | None = None) -> bool:
        if self._writes is not None and key in self._writes:
            data, _ = self._writes[key]
            self._writes[key] = data, expire
            return data is not None
        if expire is None:
            self._redis.persist(_PREFIX + key)
            return key in self
        return bool(self._redis.pexpire(_PREFIX + key, _milliseconds(expire) or 1))

    def delete(self, key: str, /) -> bool:
        if self._writes is None:
            return bool(self._redis.delete(_PREFIX + key))
        there = key in self
        self._writes[key] = None, None
        return there

    @contextmanager
    def transact(self) -> Iterator[None]:
        """Let no other process or thread be in a transaction. A thread may be in it again.

        What is written is seen by others at the end, and all of it or nothing: also if this process dies,
        or stalls for so long that its turn is over. Then an error says so.
        """
        if self._writes is not None:
            yield
            return
        lock = self._redis.lock(_PREFIX + "lock", _LOCK_S, sleep=0.002, blocking_timeout=_WAIT_S)
        if not lock.acquire():
            raise LockError(f"no transaction could be begun for {_WAIT_S} seconds")
        try:
            with self._redis.pipeline() as commit:
                commit.watch(lock.name)  # it becomes another's if the turn is over
                if not lock.owned():
                    raise LockError("the turn was over before it began")
                self._thread.writes = {}
                yield
                commit.multi()
                for key, (data, expire) in self._thread.writes.items():
                    if data is None:
                        commit.delete(_PREFIX + key)
                    else:
                        commit.set(_PREFIX + key, data, px=_milliseconds(expire))
                commit.execute()
        finally:
            self._thread.writes = None
            with suppress(LockError):  # the turn was over
                lock.release()


class RedisKeeper:
    """Keeps everything in one Redis, which servers and workers reach alike."""

    def __init__(self, redis: Redis) -> None:
        self._store = RedisStore(redis)

    @contextmanager
    def session(self) -> Iterator[Store]:
        """Open the store. CallbackFailure if Redis cannot be reached, or is full."""
        try:
            yield self._store
        except RedisError as error:
            raise CallbackFailure(
                "Redis, which keeps the runs and their results, cannot be used."
                f" {type(error).__name__}: {error}"
            ) from error

    def address(self) -> str:
        return ""

    def at(self, _: str) -> Ask:
        """Return how a worker asks the store."""

        def ask(
            function: Callable[Concatenate[Store, P], R], /, *args: P.args, **kwargs: P.kwargs
        ) -> R:
            with self.session() as store:
                return function(store, *args, **kwargs)

        return ask


def _milliseconds(expire: float | None) -> int | None:
    return None if expire is None else max(1, round(expire * 1000))
