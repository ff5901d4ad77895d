"""Containers: a server where this machine has Docker but no program of it."""

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

from callback_conformance.backends.kept import TAIL_LINES
from callback_conformance.backends.program import Program
from callback_conformance.backends.service import ServiceFailed

LOOPBACK, EVERYWHERE = "127.0.0.1", "0.0.0.0"  # noqa: S104  inside a container
ANSWER_SECONDS = 60.0  # the engine answers in milliseconds, and in seconds on a busy machine

# What ends the container of a run that was killed: it waits until the pipe that only we write to is closed.
KEEPER = 'read -r word; [ "$word" = done ] || exec "$@"'
REMOVE = """\
import sys, docker
docker.from_env().containers.get(sys.argv[1]).remove(force=True, v=True)
"""


class NoContainer(RuntimeError):
    """No container can be had here; says why, and what would provide it."""


def find(image: str, program: str) -> Program:
    """A program of an image, which is pulled if it is not here. Raises NoContainer."""
    try:
        import docker  # noqa: F401
    except ModuleNotFoundError:
        raise NoContainer("no container was tried: pip install docker") from None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        reason = _refusal(image)
        gc.collect()  # where no engine answers, the SDK leaves a socket open
    if reason:
        raise NoContainer(reason)
    return Program(program, f"container {image}", image)


def _refusal(image: str) -> str:
    """Why no container of the image can be had; empty where one can."""
    import docker

    try:
        with _engine() as engine:
            _get(engine, image)
    except docker.errors.DockerException as error:
        return _why(error, image)
    return ""


def _get(engine: Any, image: str) -> None:
    import docker

    try:
        engine.images.get(image)
    except docker.errors.ImageNotFound:
        engine.images.pull(image)


def _why(error: Exception, image: str) -> str:
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
def _told(what: str) -> Iterator[None]:
    import docker

    try:
        yield
    except docker.errors.DockerException as error:
        raise ServiceFailed(f"Docker's engine did not {what}: {error}") from error


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
        self._keeper = subprocess.Popen(
            ["/bin/sh", "-c", KEEPER, "keeper", sys.executable, "-c", REMOVE, self._name],
            stdin=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,  # Ctrl-C is for the test run
        )
        try:
            with _told(f"make a container of {image}"), _engine() as engine:
                engine.containers.create(
                    image,
                    list(command),
                    name=self._name,
                    environment=dict(environment),
                    **_reached(engine, ports),
                )
        except BaseException:
            self._dismiss()
            raise

    def start(self) -> None:
        """Start it, also after ``kill``: its files are as they were."""
        with self._container("start") as container:
            container.start()

    def over(self, pause_seconds: float) -> bool:
        """Wait so long for its end; True when it has ended."""
        time.sleep(pause_seconds)
        with self._container("look for") as container:
            return container.status not in ("created", "running")

    def said(self) -> str:
        """The last lines that it has printed."""
        with self._container("tell the log of") as container:
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
        self._dismiss()

    @contextlib.contextmanager
    def _container(self, verb: str) -> Iterator[Any]:
        with _told(f"{verb} the container {self._name}"), _engine() as engine:
            yield engine.containers.get(self._name)

    def _dismiss(self) -> None:
        self._keeper.communicate("done\n")


def address() -> str:
    """The address that a server in a container listens on, so that this machine alone reaches it."""
    with _told("tell its networks"), _engine() as engine:
        return EVERYWHERE if _bridged(engine) else LOOPBACK


def _reached(engine: Any, ports: Sequence[int]) -> dict[str, Any]:
    """Each port is the same outside. An engine without a bridge shares this machine's own network."""
    if not _bridged(engine):
        return {"network_mode": "host"}
    return {"ports": {f"{port}/tcp": (LOOPBACK, port) for port in ports}}


def _bridged(engine: Any) -> bool:
    return any(network.name == "bridge" for network in engine.networks.list(names=["bridge"]))
