"""The services of a test run: each is found, started when a test needs it, and gone afterwards."""

from __future__ import annotations

from collections.abc import Iterable

from callback_conformance.backends import rabbitmq, redis
from callback_conformance.backends.management import Broker
from callback_conformance.backends.program import Program
from callback_conformance.backends.service import Service, ServiceFailed, ServiceMissing

__all__ = ["Service", "ServiceFailed", "ServiceMissing", "Services"]

NAMES = (redis.NAME, rabbitmq.NAME)


class Services:
    """Opens services by name; ``worker`` is the number of this worker of pytest-xdist.

    ``shared`` is the address of the RabbitMQ that another Services has started for all workers; ``origins``
    tells where each service that was made ready comes from.
    """

    def __init__(
        self,
        redis_url: str | None = None,
        rabbitmq_url: str | None = None,
        worker: int = 0,
        shared: str = "",
    ) -> None:
        self._redis_url = redis_url
        self._rabbitmq_url = rabbitmq_url
        self._worker = worker
        self.shared = shared
        self.origins: tuple[str, ...] = ()
        self._given: redis.GivenRedis | None = None
        self._server: rabbitmq.RabbitServer | None = None
        self._programs: dict[str, Program] = {}
        self._opened: list[Service] = []

    def open(self, name: str, own: bool = False) -> Service:
        """A server, or a part of one, that holds nothing; with ``own`` a process of its own, which may be
        killed and started again. Raises ServiceMissing, ServiceFailed."""
        if name not in NAMES:
            raise ServiceFailed(f"there is no service {name!r}; there are {' and '.join(NAMES)}")
        opened = self._redis(own) if name == redis.NAME else self._rabbitmq(own)
        self._opened = [one for one in self._opened if not one.closed]
        self._opened.append(opened)
        return opened

    def make_ready(self, names: Iterable[str], workers: int = 1) -> None:
        """Find out that each of these can be had, before any test, by so many workers; afterwards
        ``shared`` and ``origins`` are known. Raises ServiceMissing, ServiceFailed."""
        origins = []
        for name in sorted(set(names)):
            first = self.open(name)
            origins.append(first.origin)
            first.close()
            if name == redis.NAME and self._redis_url:
                for worker in range(1, workers):
                    redis.GivenRedis(self._redis_url, worker)
        self.origins = tuple(origins)
        if self._server:
            self.shared = self._server.broker.url

    def close(self) -> None:
        """Leave nothing behind, also of services that were not closed."""
        while self._opened:
            self._opened.pop().close()
        if self._server:
            self._server.close()
            self._server = None

    # Redis.

    def _redis(self, own: bool) -> Service:
        if not self._redis_url:
            return redis.start(self._program(redis.NAME))
        if own:
            raise _not_ours("--redis-url", self._redis_url)
        if not self._given:
            self._given = redis.GivenRedis(self._redis_url, self._worker)
        elif not self._given.closed:
            raise ServiceFailed(
                f"--redis-url={self._redis_url} is one database, and this test needs two: run it without "
                "--redis-url"
            )
        self._given.closed = False
        return self._given

    # RabbitMQ.

    def _rabbitmq(self, own: bool) -> Service:
        if not own:
            return rabbitmq.VirtualHost(self._broker(), self._where())
        if self._rabbitmq_url:
            raise _not_ours("--rabbitmq-url", self._rabbitmq_url)
        server = rabbitmq.start(self._program(rabbitmq.NAME))
        return rabbitmq.VirtualHost(server.broker, self._where(), server)

    def _broker(self) -> Broker:
        if url := self._rabbitmq_url or self.shared:
            return Broker(url, "--rabbitmq-url" if self._rabbitmq_url else "")
        if not self._server:
            self._server = rabbitmq.start(self._program(rabbitmq.NAME))
        return self._server.broker

    def _where(self) -> str:
        return "--rabbitmq-url" if self._rabbitmq_url else self._program(rabbitmq.NAME).where

    def _program(self, name: str) -> Program:
        if name not in self._programs:
            self._programs[name] = redis.find() if name == redis.NAME else rabbitmq.find()
        return self._programs[name]


def _not_ours(option: str, url: str) -> ServiceFailed:
    return ServiceFailed(
        f"{option}={url} is not ours, and this test kills its server: run it without {option}"
    )
