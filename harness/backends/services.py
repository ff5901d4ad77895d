"""The services of a test run: each is found, started when a test needs it, and gone afterwards."""

from __future__ import annotations

from harness.backends import redis
from harness.backends.service import Service, ServiceFailed, ServiceMissing

__all__ = ["Service", "ServiceFailed", "ServiceMissing", "Services"]


class Services:
    """Opens services by name; ``worker`` is the number of this worker of pytest-xdist."""

    def __init__(
        self, redis_url: str | None = None, rabbitmq_url: str | None = None, worker: int = 0
    ) -> None:
        self._redis_url = redis_url
        self._worker = worker
        self._opened: list[Service] = []
        self._given: redis.GivenRedis | None = None
        self._program: redis.Program | None = None

    def open(self, name: str, own: bool = False) -> Service:
        """A server, or a part of one, that holds nothing; with ``own`` a process of its own, which may be
        killed and started again. Raises ServiceMissing, ServiceFailed."""
        if name != redis.NAME:
            raise ServiceFailed(f"there is no service {name!r}; there is {redis.NAME}")
        opened = self._given_redis(own) if self._redis_url else self._own_redis()
        self._opened.append(opened)
        return opened

    def close(self) -> None:
        """Leave nothing behind, also of services that were not closed."""
        while self._opened:
            self._opened.pop().close()

    def _own_redis(self) -> Service:
        self._program = self._program or redis.find()
        return redis.start(self._program)

    def _given_redis(self, own: bool) -> Service:
        assert self._redis_url
        if own:
            raise ServiceFailed(
                f"{self._redis_url} (--redis-url) is not ours, and this test kills its Redis: run it without "
                "--redis-url"
            )
        if not self._given:
            self._given = redis.GivenRedis(self._redis_url, self._worker)
        elif not self._given.closed:
            raise ServiceFailed(
                f"{self._redis_url} (--redis-url) is one database, and this test needs two: run it without "
                "--redis-url"
            )
        self._given.closed = False
        return self._given
