"""A store in Redis, shared by server processes and workers on however many machines."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final, TypeAlias

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import LockError, RedisError
from redis.retry import Retry

from impl_dash_style.exceptions import CallbackFailure
from impl_dash_style.store import KeyValueStore, P, R, StoreCall, StoreFunction, dump, load

#: How a client for a store connects.
CONNECTION: Final = {
    "socket_timeout": 5.0,  # seconds: if the server hangs, the page reports it
    "socket_connect_timeout": 5.0,
    "retry": Retry(NoBackoff(), 0),  # no second `add`: the key would be taken by the first
    "decode_responses": False,
}

_PREFIX: Final = "impl_dash_style."

#: Seconds after which the lock of a process ends that was killed or stalled in a transaction.
_LOCK_S: Final = 5

#: Seconds to wait for a transaction. Each takes a millisecond or two.
_WAIT_S: Final = 30

#: What a transaction will write, by key: the value, or None to delete it, and its ``expire``.
_Writes: TypeAlias = dict[str, tuple[bytes | None, float | None]]


class RedisStore:
    """Keeps JSON. Whoever can write into the database can tell pages anything, but runs no code here."""

    def __init__(self, redis: Redis) -> None:
        """Use a client that was made with CONNECTION. Each process opens connections of its own."""
        self._redis = redis
        self._thread = threading.local()

    @property
    def _writes(self) -> _Writes | None:
        """What this thread's transaction will write, if it is in a transaction."""
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
        return load(data)

    def set(self, key: str, value: object, /, expire: float | None = None) -> bool:
        data = dump(value).encode()
        if self._writes is None:
            self._redis.set(_PREFIX + key, data, px=_milliseconds(expire))
        else:
            self._writes[key] = data, expire
        return True

    def add(self, key: str, value: object, /, expire: float | None = None) -> bool:
        if self._writes is not None:
            return key not in self and self.set(key, value, expire=expire)
        data = dump(value)
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

    def delete(self, key: str, /) -> None:
        if self._writes is None:
            self._redis.delete(_PREFIX + key)
        else:
            self._writes[key] = None, None

    @contextmanager
    def transact(self, page: str, /) -> Iterator[None]:
        """Let no other process or thread be in a transaction on the same page. A thread may nest its own.

        Others see all that it writes at its end, or nothing: also if this process dies, or stalls until its
        lock has expired. Raises RedisError in that last case.
        """
        if self._writes is not None:
            yield
            return
        name = f"{_PREFIX}{page}.lock"
        lock = self._redis.lock(name, _LOCK_S, sleep=0.002, blocking_timeout=_WAIT_S)
        if not lock.acquire():
            raise LockError(f"no transaction could begin within {_WAIT_S} seconds")
        self._thread.writes = {}
        try:
            yield
            self._commit(name, lock.local.token, self._thread.writes)
        except BaseException:
            # Redis counts what it could not take as memory in use until the connection that sent it ends.
            self._redis.connection_pool.disconnect(inuse_connections=False)
            with suppress(LockError):  # it has expired
                lock.release()
            raise
        finally:
            self._thread.writes = None

    def _commit(self, lock: str, token: bytes, writes: _Writes) -> None:
        """Write all, and give the lock back. Raises RedisError if another has it by now."""
        with self._redis.pipeline() as commit:
            commit.watch(lock)
            if commit.get(lock) != token:
                raise LockError("the lock expired before the end of the transaction")
            commit.multi()
            for key, (data, expire) in writes.items():
                if data is None:
                    commit.delete(_PREFIX + key)
                else:
                    commit.set(_PREFIX + key, data, px=_milliseconds(expire))
            commit.delete(lock)
            commit.execute()


class RedisSharedStore:
    """A store in one Redis, which servers and workers reach alike."""

    def __init__(self, redis: Redis) -> None:
        self._store = RedisStore(redis)

    @contextmanager
    def session(self) -> Iterator[KeyValueStore]:
        """Open the store. Raises CallbackFailure if Redis cannot be reached, or is full."""
        try:
            yield self._store
        except RedisError as error:
            raise CallbackFailure(
                "Redis, which keeps the runs and their results, cannot be used.",
                f"{type(error).__name__}: {error}",
            ) from error

    def address(self) -> str:
        return ""

    def remote(self, _: str) -> StoreCall:
        """The call by which a worker reaches the store."""

        def call(function: StoreFunction[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
            with self.session() as store:
                return function(store, *args, **kwargs)

        return call


def _milliseconds(expire: float | None) -> int | None:
    return None if expire is None else max(1, round(expire * 1000))
