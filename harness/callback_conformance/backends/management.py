"""RabbitMQ's management interface: the one cheap way to make and remove virtual hosts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, parse_qs, quote, urlsplit

import requests

from callback_conformance.backends.service import ServiceFailed

PORTS = {"amqp": ("http", 15672), "amqps": ("https", 15671)}  # RabbitMQ's own defaults
CLIENTS = {"amqp": 5672, "amqps": 5671}
ANSWER_SECONDS = 20.0  # a virtual host takes 20 to 40 ms


@dataclass(frozen=True)
class Broker:
    """A RabbitMQ, named by ``amqp://USER:PASSWORD@HOST:PORT?management=PORT``."""

    url: str
    option: str = ""  # that named it

    def __post_init__(self) -> None:
        if self._split.scheme not in PORTS or not self._split.hostname:
            raise ServiceFailed(
                f"{self.option}={self.url} names no RabbitMQ; expected amqp://USER:PASSWORD@HOST:PORT, and "
                "?management=PORT where its management interface is not on the usual port"
            )

    @property
    def _split(self) -> SplitResult:
        return urlsplit(self.url)

    @property
    def ports(self) -> tuple[int, int]:
        """Of its clients, and of its management interface."""
        usual = PORTS[self._split.scheme][1]
        management = parse_qs(self._split.query).get("management", [str(usual)])[0]
        return self._split.port or CLIENTS[self._split.scheme], int(management)

    def of_virtual_host(self, name: str) -> str:
        """Where clients reach one of its virtual hosts."""
        return self._split._replace(path=f"/{quote(name, safe='')}", query="").geturl()

    def version(self) -> str:
        """The server's version, once its management interface answers."""
        return str(self.ask("GET", "overview")["rabbitmq_version"])

    def listens(self) -> bool:
        """True when it answers its clients and its management interface."""
        try:
            return bool(self.ask("GET", f"health/checks/port-listener/{self.ports[0]}"))
        except ServiceFailed:
            return False

    def make(self, virtual_host: str) -> None:
        """Make a virtual host, which is its user's."""
        self.ask("PUT", f"vhosts/{quote(virtual_host, safe='')}")

    def remove(self, virtual_host: str) -> None:
        """Remove a virtual host, and all that it holds; its clients are disconnected."""
        self.ask("DELETE", f"vhosts/{quote(virtual_host, safe='')}")

    def purge(self, virtual_host: str) -> None:
        """Remove every message of a virtual host; its queues and its clients stay. Nobody but its own
        connection may empty a queue that is exclusive."""
        queues = f"queues/{quote(virtual_host, safe='')}"
        for queue in self.ask("GET", f"{queues}?columns=name,exclusive"):
            if not queue.get("exclusive"):
                self.ask("DELETE", f"{queues}/{quote(queue['name'], safe='')}/contents")

    def ask(self, verb: str, path: str) -> Any:
        """One request to the management interface. Raises ServiceFailed."""
        scheme = PORTS[self._split.scheme][0]
        place = f"{scheme}://{self._split.hostname}:{self.ports[1]}/api/{path}"
        account = (self._split.username or "guest", self._split.password or "guest")
        try:
            with requests.Session() as session:
                session.trust_env = False  # a proxy would look for our server on its own machine
                answer = session.request(verb, place, auth=account, timeout=ANSWER_SECONDS)
            answer.raise_for_status()
        except requests.RequestException as error:
            named = f"{self.option}: " if self.option else ""
            raise ServiceFailed(
                f"{named}RabbitMQ's management interface does not do what was asked ({error}). It must be "
                "enabled (rabbitmq-plugins enable rabbitmq_management), and the user an administrator."
            ) from error
        return answer.json() if answer.content else None
