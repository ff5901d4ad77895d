"""Containers: for a server that is not installed on this machine, if Docker is."""

from __future__ import annotations

import contextlib
import gc
import subprocess
import sys
import time
import uuid
import warnings
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from callback_conformance.backends.executable import Executable
from callback_conformance.backends.service import TAIL_LINES, ServiceFailed

LOOPBACK, EVERYWHERE = "127.0.0.1", "0.0.0.0"  # noqa: S104  inside a container
ANSWER_SECONDS = 60.0  # the engine answers in milliseconds, and in seconds on a busy machine

# Removes the container of a run that was killed: it waits until the pipe that only the run writes to is closed.
WATCHDOG = 'read -r word; [ "$word" = done ] || exec "$@"'
REMOVE = """\
import sys, docker
docker.from_env().containers.get(sys.argv[1]).remove(force=True, v=True)
"""


class ContainerUnavailable(RuntimeError):
    """No container can be created on this machine; the message says why, and what would change that."""


def find(image: str, path: str) -> Executable:
    """Return the executable at this path of an image, which is pulled if this machine does not have it. Raises
    ContainerUnavailable."""
    try:
        import docker  # noqa: F401
    except ModuleNotFoundError:
        raise ContainerUnavailable("the Docker SDK is not installed: pip install docker") from None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        reason = _why_unavailable(image)
        gc.collect()  # where no engine answers, the SDK leaves a socket open
    if reason:
        raise ContainerUnavailable(reason)
    return Executable(path, f"container {image}", image)


def _why_unavailable(image: str) -> str:
    """Return why no container of the image can be created, or ""."""
    import docker

    try:
        with _engine() as engine:
            _ensure_pulled(engine, image)
    except docker.errors.DockerException as error:
        return _explanation(error, image)
    return ""


def _ensure_pulled(engine: Any, image: str) -> None:
    import docker

    try:
        engine.images.get(image)
    except docker.errors.ImageNotFound:
        engine.images.pull(image)


def _explanation(error: Exception, image: str) -> str:
    import docker

    if isinstance(error, docker.errors.APIError):
        return f"Docker's engine has no image {image} and cannot pull it ({error}): docker pull {image}"
    return f"no Docker engine answers ({error}): apt-get install docker.io, or set DOCKER_HOST"


@contextlib.contextmanager
def _engine() -> Iterator[Any]:
    import docker

    with contextlib.closing(docker.from_env(timeout=ANSWER_SECONDS)) as engine:
        yield engine


@contextlib.contextmanager
def _failures_named(action: str) -> Iterator[None]:
    """Raise ServiceFailed, with the action, for an error of Docker."""
    import docker

    try:
        yield
    except docker.errors.DockerException as error:
        raise ServiceFailed(f"Docker's engine did not {action}: {error}") from error


class Container:
    """A container that is removed when the test run ends, however it ends."""

    def __init__(
        self,
        image: str,
        command: Sequence[str],
        ports: Sequence[int],
        environment: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._name = f"conformance-{uuid.uuid4()}"
        self._watchdog = subprocess.Popen(
            ["/bin/sh", "-c", WATCHDOG, "watchdog", sys.executable, "-c", REMOVE, self._name],
            stdin=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,  # Ctrl-C reaches the test run alone
        )
        try:
            with _failures_named(f"create a container of {image}"), _engine() as engine:
                engine.containers.create(
                    image,
                    list(command),
                    name=self._name,
                    environment=dict(environment),
                    **_network(engine, ports),
                )
        except BaseException:
            self._stop_watchdog()
            raise

    def start(self) -> None:
        """Start it, also after ``kill``: its files are as they were."""
        with self._container("start") as container:
            container.start()

    def ends_within(self, seconds: float) -> bool:
        """Wait for this time; True if it has ended then."""
        time.sleep(seconds)
        with self._container("inspect") as container:
            return container.status not in ("created", "running")

    def log_tail(self) -> str:
        """The last lines that it has printed."""
        with self._container("return the log of") as container:
            printed: bytes = container.logs(tail=TAIL_LINES)
        return printed.decode("utf-8", "replace").strip() or "(nothing)"

    def kill(self) -> None:
        """Kill it and keep its files; return once it is dead."""
        with self._container("kill") as container:
            container.kill()
            container.wait()

    def close(self) -> None:
        """Kill it and remove it."""
        with self._container("remove") as container:
            container.remove(force=True, v=True)
        self._stop_watchdog()

    @contextlib.contextmanager
    def _container(self, verb: str) -> Iterator[Any]:
        with _failures_named(f"{verb} the container {self._name}"), _engine() as engine:
            yield engine.containers.get(self._name)

    def _stop_watchdog(self) -> None:
        self._watchdog.communicate("done\n")


def address() -> str:
    """Return the address that a server in a container listens on, such that only this machine reaches it."""
    with _failures_named("list its networks"), _engine() as engine:
        return EVERYWHERE if _has_bridge(engine) else LOOPBACK


def _network(engine: Any, ports: Sequence[int]) -> dict[str, Any]:
    """Return the options that publish each port under its own number. Without a bridge, the container shares this
    machine's network."""
    if not _has_bridge(engine):
        return {"network_mode": "host"}
    return {"ports": {f"{port}/tcp": (LOOPBACK, port) for port in ports}}


def _has_bridge(engine: Any) -> bool:
    return any(network.name == "bridge" for network in engine.networks.list(names=["bridge"]))
