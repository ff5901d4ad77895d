"""The services of a test run: each is found, started when a test needs it, and gone afterwards."""

from __future__ import annotations

from collections.abc import Iterable

from callback_conformance.backends import rabbitmq, redis
from callback_conformance.backends.executable import Executable
from callback_conformance.backends.rabbitmq_management import Broker
from callback_conformance.backends.service import Service, ServiceFailed, ServiceMissing

__all__ = ["Service", "ServiceFailed", "ServiceMissing", "Services"]

NAMES = (redis.NAME, rabbitmq.NAME)


class Services:
    """Opens services by name."""

    def __init__(
        self,
        redis_url: str | None = None,
        rabbitmq_url: str | None = None,
        worker: int = 0,
        shared: str = "",
    ) -> None:
        self._redis_url = redis_url
        self._rabbitmq_url = rabbitmq_url
        #: The number of this worker of pytest-xdist.
        self._worker = worker
        #: The address of the RabbitMQ that the controller of pytest-xdist has started for all workers.
        self.shared = shared
        #: The origin of each service that ``make_ready`` has opened.
        self.origins: tuple[str, ...] = ()
        self._external_redis: redis.ExternalRedis | None = None
        self._rabbitmq_server: rabbitmq.RabbitServer | None = None
        self._executables: dict[str, Executable] = {}
        self._opened: list[Service] = []

    def open(self, name: str, dedicated: bool = False) -> Service:
        """Return an empty server, or an empty part of one. A ``dedicated`` one has a process of its own, which may
        be killed and started again. Raises ServiceMissing, ServiceFailed."""
        if name not in NAMES:
            raise ServiceFailed(f"unknown service {name!r}; choose from {', '.join(NAMES)}")
        opened = self._redis(dedicated) if name == redis.NAME else self._rabbitmq(dedicated)
        self._opened = [service for service in self._opened if not service.closed]
        self._opened.append(opened)
        return opened

    def make_ready(self, names: Iterable[str], workers: int = 1) -> None:
        """Before any test, check that this many workers can have each of these services. ``shared`` and ``origins``
        are set then. Raises ServiceMissing, ServiceFailed."""
        origins = []
        for name in sorted(set(names)):
            service = self.open(name)
            origins.append(service.origin)
            service.close()
            if name == redis.NAME and self._redis_url:
                for worker in range(1, workers):
                    redis.ExternalRedis(self._redis_url, worker)
        self.origins = tuple(origins)
        if self._rabbitmq_server:
            self.shared = self._rabbitmq_server.broker.url

    def close(self) -> None:
        """Leave nothing behind, also of services that were not closed."""
        while self._opened:
            self._opened.pop().close()
        if self._rabbitmq_server:
            self._rabbitmq_server.close()
            self._rabbitmq_server = None

    # Redis.

    def _redis(self, dedicated: bool) -> Service:
        if not self._redis_url:
            return redis.start(self._executable(redis.NAME))
        if dedicated:
            raise _not_started_by_the_suite("--redis-url", self._redis_url)
        if not self._external_redis:
            self._external_redis = redis.ExternalRedis(self._redis_url, self._worker)
        elif not self._external_redis.closed:
            raise ServiceFailed(
                f"--redis-url={self._redis_url} is one database, and this test needs two: run it without "
                "--redis-url"
            )
        self._external_redis.closed = False
        return self._external_redis

    # RabbitMQ.

    def _rabbitmq(self, dedicated: bool) -> Service:
        if not dedicated:
            return rabbitmq.VirtualHost(self._broker(), self._rabbitmq_origin())
        if self._rabbitmq_url:
            raise _not_started_by_the_suite("--rabbitmq-url", self._rabbitmq_url)
        server = rabbitmq.start(self._executable(rabbitmq.NAME))
        return rabbitmq.VirtualHost(server.broker, self._rabbitmq_origin(), server)

    def _broker(self) -> Broker:
        if url := self._rabbitmq_url or self.shared:
            return Broker(url, "--rabbitmq-url" if self._rabbitmq_url else "")
        if not self._rabbitmq_server:
            self._rabbitmq_server = rabbitmq.start(self._executable(rabbitmq.NAME))
        return self._rabbitmq_server.broker

    def _rabbitmq_origin(self) -> str:
        return "--rabbitmq-url" if self._rabbitmq_url else self._executable(rabbitmq.NAME).origin

    def _executable(self, name: str) -> Executable:
        if name not in self._executables:
            self._executables[name] = redis.find() if name == redis.NAME else rabbitmq.find()
        return self._executables[name]


def _not_started_by_the_suite(option: str, url: str) -> ServiceFailed:
    return ServiceFailed(
        f"this test kills its server, and {option}={url} was not started by the suite: run it without {option}"
    )
