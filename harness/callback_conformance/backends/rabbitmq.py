"""RabbitMQ: one server for a test run, and a virtual host of it for each test."""

from __future__ import annotations

import contextlib
import shutil
import uuid
from collections.abc import Sequence

from callback_conformance.backends import docker
from callback_conformance.backends.docker import Container
from callback_conformance.backends.executable import Executable
from callback_conformance.backends.rabbitmq_management import Broker
from callback_conformance.backends.server_process import ServerProcess
from callback_conformance.backends.service import (
    Server,
    ServiceFailed,
    ServiceMissing,
    start_and_wait,
)
from callback_conformance.processes.port import is_listening, reserved_port

NAME = "rabbitmq"
#: Debian's script on the PATH changes to a user of its own; the one that it calls does not.
EXECUTABLES = ("/usr/lib/rabbitmq/bin/rabbitmq-server", "rabbitmq-server")
START_SECONDS = 120.0  # it takes 5 s; 35 s were measured on a machine with eight times its load
PAUSE_SECONDS = 0.02
IMAGE = "rabbitmq:3-management-alpine"
INSTALL = "apt-get install --no-install-recommends rabbitmq-server"

# Writes the server's settings from its environment into its folder.
# Erlang's nodes find each other through epmd. If none listens on its port, a node starts one that outlives the node.
COMMAND = """\
mkdir -p "$HOME"
echo "$CONFORMANCE_SETTINGS" >"$RABBITMQ_CONFIG_FILE"
echo "[rabbitmq_management]." >"$RABBITMQ_ENABLED_PLUGINS_FILE"
epmd=$(command -v epmd) || { echo 'epmd, a part of Erlang, is not on the PATH'; exit 1; }
"$epmd" -port "$ERL_EPMD_PORT" -address 127.0.0.1 &
exec "$1"
"""


def find() -> Executable:
    """Find a RabbitMQ server for this machine. Raises ServiceMissing."""
    for name in EXECUTABLES:
        if path := shutil.which(name):
            return Executable(path, path)
    try:
        return docker.find(IMAGE, "rabbitmq-server")
    except docker.ContainerUnavailable as error:
        raise ServiceMissing(
            f"No RabbitMQ server was found. None of {', '.join(EXECUTABLES)} exists; install it: {INSTALL}\n"
            f"A container cannot be used: {error}\n"
            "Or name a running server: --rabbitmq-url=amqp://USER:PASSWORD@HOST:PORT"
        ) from error


class RabbitServer:
    """A RabbitMQ that the suite has started, on free ports."""

    def __init__(self, server: Server, broker: Broker, ports: contextlib.ExitStack) -> None:
        self.broker = broker
        self._server = server
        self._ports = ports
        try:
            self.start()
        except BaseException:
            self.close()
            raise

    def start(self) -> None:
        """Start it, also after ``kill``; return once it answers. Its virtual hosts and their durable queues are
        kept."""
        if taken := [port for port in self.broker.ports if is_listening(port)]:
            raise ServiceFailed(f"Port {taken[0]}, RabbitMQ's, is in use by another program")
        start_and_wait(
            self._server, "RabbitMQ", self.broker.is_listening, START_SECONDS, PAUSE_SECONDS
        )

    def kill(self) -> None:
        """Kill it and keep its files; return once it is dead."""
        self._server.kill()

    def close(self) -> None:
        """Leave nothing of it behind."""
        self._server.close()
        self._ports.close()


def start(executable: Executable) -> RabbitServer:
    """Start a RabbitMQ. Raises ServiceFailed."""
    with contextlib.ExitStack() as reserved:
        ports = [reserved.enter_context(reserved_port()).getsockname()[1] for _ in range(4)]
        broker = Broker(f"amqp://guest:guest@127.0.0.1:{ports[0]}?management={ports[1]}")
        return RabbitServer(_server(executable, ports), broker, reserved.pop_all())


def _server(executable: Executable, ports: Sequence[int]) -> Server:
    command = ("/bin/sh", "-c", COMMAND, "rabbitmq", executable.path)
    if not executable.image:
        return ServerProcess(
            NAME, lambda _: command, lambda folder: _environment(str(folder), ports)
        )
    environment = _environment("/tmp/conformance", ports, docker.address())  # noqa: S108  the container's
    return Container(executable.image, command, ports[:2], environment)


def _environment(folder: str, ports: Sequence[int], address: str = "127.0.0.1") -> dict[str, str]:
    """Return RabbitMQ's variables: clients and management at ``address``, the cluster on this machine alone."""
    amqp, management, cluster, epmd = ports
    settings = (
        f"listeners.tcp.1 = {address}:{amqp}",
        f"management.tcp.ip = {address}",
        f"management.tcp.port = {management}",
        "management_agent.disable_metrics_collector = true",
        "loopback_users = none",  # the user guest of a container does not come from its loopback
    )
    return {
        "CONFORMANCE_SETTINGS": "\n".join(settings),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "ERL_EPMD_PORT": str(epmd),
        "HOME": folder,  # Erlang's cookie is written there
        "RABBITMQ_CONF_ENV_FILE": f"{folder}/none",  # or it reads that of this machine's own server
        "RABBITMQ_CONFIG_FILE": f"{folder}/rabbitmq.conf",
        "RABBITMQ_DIST_PORT": str(cluster),
        "RABBITMQ_ENABLED_PLUGINS_FILE": f"{folder}/enabled_plugins",
        "RABBITMQ_LOG_BASE": folder,
        "RABBITMQ_LOGS": "-",
        "RABBITMQ_MNESIA_BASE": f"{folder}/mnesia",
        "RABBITMQ_NODENAME": f"conformance-{amqp}@localhost",
        # Without it the cluster's port is open to the network.
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
    }


class VirtualHost:
    """A virtual host that one test uses; with ``server``, on a server that this test alone uses."""

    name = NAME
    closed = False

    def __init__(self, broker: Broker, origin: str, server: RabbitServer | None = None) -> None:
        self._broker, self._server = broker, server
        self._name = f"conformance-{uuid.uuid4()}"
        self.url = broker.virtual_host_url(self._name)
        self.origin = f"RabbitMQ {broker.version()} ({origin})"
        broker.create(self._name)

    def empty(self) -> None:
        """Remove every message; queues and clients stay."""
        self._broker.purge(self._name)

    def lasting_values(self) -> int:
        """Raise: RabbitMQ keeps messages."""
        raise ServiceFailed("RabbitMQ keeps messages; only a store in Redis has values")

    def kill(self) -> None:
        """Kill the server, which must be dedicated; its durable queues are kept."""
        self._dedicated_server().kill()

    def start_again(self) -> None:
        """Start the server on the same port; return once it answers."""
        self._dedicated_server().start()

    def limit_bytes(self, count: int) -> None:
        """Raise: RabbitMQ has no such limit."""
        raise ServiceFailed("RabbitMQ has no limit of bytes; only a store in Redis can be full")

    def overwrite(self, content: bytes) -> int:
        """Raise: messages are not changed."""
        raise ServiceFailed("RabbitMQ holds messages; only what is in Redis can be changed")

    def close(self) -> None:
        """Leave nothing of it behind."""
        if self.closed:
            return
        self.closed = True
        if self._server:
            self._server.close()
        else:
            self._broker.delete(self._name)

    def _dedicated_server(self) -> RabbitServer:
        if not self._server:
            raise ServiceFailed("This RabbitMQ is shared: open it with dedicated=True to kill it")
        return self._server
