"""RabbitMQ's management interface: the only fast way to create and delete virtual hosts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, parse_qs, quote, urlsplit

import requests

from callback_conformance.backends.service import ServiceFailed

#: RabbitMQ's own defaults, for clients and for the management interface.
CLIENT_PORTS = {"amqp": 5672, "amqps": 5671}
MANAGEMENT_PORTS = {"amqp": 15672, "amqps": 15671}
ANSWER_SECONDS = 20.0  # a virtual host takes 20 to 40 ms


@dataclass(frozen=True)
class Broker:
    """A RabbitMQ, named by ``amqp://USER:PASSWORD@HOST:PORT?management=PORT``."""

    url: str
    #: The option of the command line that named it, or "".
    option: str = ""

    def __post_init__(self) -> None:
        if self._split.scheme not in CLIENT_PORTS or not self._split.hostname:
            raise ServiceFailed(
                f"{self.option}={self.url} is not the address of a RabbitMQ; expected "
                "amqp://USER:PASSWORD@HOST:PORT, followed by ?management=PORT if its management interface is "
                "not on the default port"
            )

    @property
    def _split(self) -> SplitResult:
        return urlsplit(self.url)

    @property
    def ports(self) -> tuple[int, int]:
        """The port for clients, and that of the management interface."""
        scheme = self._split.scheme
        management = parse_qs(self._split.query).get("management", [MANAGEMENT_PORTS[scheme]])[0]
        return self._split.port or CLIENT_PORTS[scheme], int(management)

    def virtual_host_url(self, name: str) -> str:
        """Return the address at which clients reach a virtual host."""
        return self._split._replace(path=f"/{quote(name, safe='')}", query="").geturl()

    def version(self) -> str:
        """Return the server's version."""
        return str(self._request("GET", "overview")["rabbitmq_version"])

    def is_listening(self) -> bool:
        """True if it accepts clients and its management interface answers."""
        try:
            return bool(self._request("GET", f"health/checks/port-listener/{self.ports[0]}"))
        except ServiceFailed:
            return False

    def create(self, virtual_host: str) -> None:
        """Create a virtual host, to which its user has access."""
        self._request("PUT", f"vhosts/{quote(virtual_host, safe='')}")

    def delete(self, virtual_host: str) -> None:
        """Delete a virtual host with all that it holds; its clients are disconnected."""
        self._request("DELETE", f"vhosts/{quote(virtual_host, safe='')}")

    def purge(self, virtual_host: str) -> None:
        """Remove every message of a virtual host; its queues and its clients stay. An exclusive queue
        keeps its messages: only the connection that declared it may purge it."""
        queues = f"queues/{quote(virtual_host, safe='')}"
        for queue in self._request("GET", f"{queues}?columns=name,exclusive"):
            if not queue.get("exclusive"):
                self._request("DELETE", f"{queues}/{quote(queue['name'], safe='')}/contents")

    def _request(self, method: str, path: str) -> Any:
        """Send a request to the management interface, and return its answer. Raises ServiceFailed."""
        scheme = "https" if self._split.scheme == "amqps" else "http"
        url = f"{scheme}://{self._split.hostname}:{self.ports[1]}/api/{path}"
        account = (self._split.username or "guest", self._split.password or "guest")
        try:
            with requests.Session() as session:
                session.trust_env = False  # a proxy would look for the server on its own machine
                answer = session.request(method, url, auth=account, timeout=ANSWER_SECONDS)
            answer.raise_for_status()
        except requests.RequestException as error:
            option = f"{self.option}: " if self.option else ""
            raise ServiceFailed(
                f"{option}a request to RabbitMQ's management interface failed ({error}). Enable it "
                "(rabbitmq-plugins enable rabbitmq_management), and name a user who is an administrator."
            ) from error
        return answer.json() if answer.content else None
