"""RabbitMQ: one server for a test run, and a virtual host of it for each test."""

from __future__ import annotations

import contextlib
import shutil
import uuid
from collections.abc import Sequence

from callback_conformance.backends import docker, service
from callback_conformance.backends.docker import Container
from callback_conformance.backends.kept import Kept
from callback_conformance.backends.management import Broker
from callback_conformance.backends.program import Program
from callback_conformance.backends.service import Server, ServiceFailed, ServiceMissing
from callback_conformance.processes.port import answers, reserved_port

NAME = "rabbitmq"
#: Debian's program of this name on the PATH changes to a user of its own; the one behind it does not.
PROGRAMS = ("/usr/lib/rabbitmq/bin/rabbitmq-server", "rabbitmq-server")
START_SECONDS = 120.0  # it takes 5 s; 35 s were seen on a machine with eight times its load
PAUSE_SECONDS = 0.02
IMAGE = "rabbitmq:3-management-alpine"
INSTALL = "apt-get install --no-install-recommends rabbitmq-server"

# The server's settings, from its environment into its folder.
# Erlang's nodes find each other through epmd. Unless one listens on its port, a node starts one that outlives it.
COMMAND = """\
mkdir -p "$HOME"
echo "$CONFORMANCE_SETTINGS" >"$RABBITMQ_CONFIG_FILE"
echo "[rabbitmq_management]." >"$RABBITMQ_ENABLED_PLUGINS_FILE"
epmd=$(command -v epmd) || { echo 'epmd, a part of Erlang, is not on the PATH'; exit 1; }
"$epmd" -port "$ERL_EPMD_PORT" -address 127.0.0.1 &
exec "$1"
"""


def find() -> Program:
    """The RabbitMQ server of this machine. Raises ServiceMissing."""
    for name in PROGRAMS:
        if path := shutil.which(name):
            return Program(path, path)
    try:
        return docker.find(IMAGE, "rabbitmq-server")
    except docker.NoContainer as error:
        raise ServiceMissing(
            f"No RabbitMQ server was found. There is none of {', '.join(PROGRAMS)}: {INSTALL}\n"
            f"A container: {error}\n"
            "Or --rabbitmq-url=amqp://USER:PASSWORD@HOST:PORT names a running one."
        ) from error


class RabbitServer:
    """A RabbitMQ of our own, on free ports."""

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
        """Start it, also after ``kill``; return once it answers. Its virtual hosts, and the durable queues
        in them, are as they were."""
        if taken := [port for port in self.broker.ports if answers(port)]:
            raise ServiceFailed(f"Port {taken[0]}, RabbitMQ's, is in use by another program")
        service.start(self._server, "RabbitMQ", self.broker.listens, START_SECONDS, PAUSE_SECONDS)

    def kill(self) -> None:
        """Kill it and keep its files; return once it is dead."""
        self._server.kill()

    def close(self) -> None:
        """Leave nothing of it behind."""
        self._server.close()
        self._ports.close()


def start(program: Program) -> RabbitServer:
    """A RabbitMQ of our own. Raises ServiceFailed when it does not start."""
    with contextlib.ExitStack() as held:
        ports = [held.enter_context(reserved_port()).getsockname()[1] for _ in range(4)]
        broker = Broker(f"amqp://guest:guest@127.0.0.1:{ports[0]}?management={ports[1]}")
        return RabbitServer(_server(program, ports), broker, held.pop_all())


def _server(program: Program, ports: Sequence[int]) -> Server:
    command = ("/bin/sh", "-c", COMMAND, "rabbitmq", program.path)
    if not program.image:
        return Kept(NAME, lambda _: command, lambda folder: _environment(str(folder), ports))
    environment = _environment("/tmp/conformance", ports, docker.address())  # noqa: S108  its own
    return Container(program.image, command, ports[:2], environment)


def _environment(folder: str, ports: Sequence[int], address: str = "127.0.0.1") -> dict[str, str]:
    """What RabbitMQ is told: clients and management at ``address``, its cluster on this machine alone."""
    amqp, management, cluster, epmd = ports
    settings = (
        f"listeners.tcp.1 = {address}:{amqp}",
        f"management.tcp.ip = {address}",
        f"management.tcp.port = {management}",
        "management_agent.disable_metrics_collector = true",
        "loopback_users = none",  # in a container, we are not its loopback
    )
    return {
        "CONFORMANCE_SETTINGS": "\n".join(settings),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "ERL_EPMD_PORT": str(epmd),
        "HOME": folder,  # the cookie of its cluster is written there
        "RABBITMQ_CONF_ENV_FILE": f"{folder}/none",  # and not what this machine's own server is told
        "RABBITMQ_CONFIG_FILE": f"{folder}/rabbitmq.conf",
        "RABBITMQ_DIST_PORT": str(cluster),
        "RABBITMQ_ENABLED_PLUGINS_FILE": f"{folder}/enabled_plugins",
        "RABBITMQ_LOG_BASE": folder,
        "RABBITMQ_LOGS": "-",
        "RABBITMQ_MNESIA_BASE": f"{folder}/mnesia",
        "RABBITMQ_NODENAME": f"conformance-{amqp}@localhost",
        # Without it the port of its cluster is open to the network.
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
    }


class VirtualHost:
    """A virtual host of its own; with ``server``, of a server that is its own too."""

    name = NAME
    closed = False

    def __init__(self, broker: Broker, where: str, server: RabbitServer | None = None) -> None:
        self._broker, self._server = broker, server
        self._name = f"conformance-{uuid.uuid4()}"
        self.url = broker.of_virtual_host(self._name)
        self.origin = f"RabbitMQ {broker.version()} ({where})"
        broker.make(self._name)

    def empty(self) -> None:
        """Remove every message; queues and clients stay."""
        self._broker.purge(self._name)

    def kill(self) -> None:
        """Kill the server, which must be its own; its durable queues are kept."""
        self._own().kill()

    def start_again(self) -> None:
        """Start the server on its port; return once it answers."""
        self._own().start()

    def limit_bytes(self, count: int) -> None:
        """A RabbitMQ has no such limit."""
        raise ServiceFailed(
            "RabbitMQ has no limit of bytes; a store that is full is a matter of Redis"
        )

    def close(self) -> None:
        """Leave nothing of it behind."""
        if self.closed:
            return
        self.closed = True
        if self._server:
            self._server.close()
        else:
            self._broker.remove(self._name)

    def _own(self) -> RabbitServer:
        if not self._server:
            raise ServiceFailed("This RabbitMQ is shared: open it with own=True to kill it")
        return self._server
