"""What a service is to a test, whoever runs it, and what can go wrong with one."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol


class ServiceMissing(RuntimeError):
    """Nothing here runs a service: the message says what was tried, and the command that provides it."""


class ServiceFailed(RuntimeError):
    """A service did not start, or cannot do what is asked of it; the message says why."""


class Service(Protocol):
    """A server, or a part of one, that holds nothing when it is opened and that one test uses."""

    @property
    def name(self) -> str:
        """Its kind: ``redis``, ``rabbitmq``."""

    @property
    def url(self) -> str:
        """Where clients reach it; the same after ``start_again``."""

    @property
    def origin(self) -> str:
        """Where it came from and its version, in words."""

    @property
    def closed(self) -> bool:
        """True after ``close``."""

    def empty(self) -> None:
        """Remove everything that it holds."""

    def kill(self) -> None:
        """Kill its process, as a crash does; return once it is dead. Raises ServiceFailed unless it was
        opened with ``own=True``."""

    def start_again(self) -> None:
        """Start it on the same port after ``kill``; return once it answers. Raises ServiceFailed."""

    def limit_bytes(self, count: int) -> None:
        """Let it refuse what does not fit into so many bytes, until it is started again. Raises
        ServiceFailed where that does not exist."""

    def close(self) -> None:
        """Leave nothing of it behind."""


class Server(Protocol):
    """One process of a server on this machine, plain or in a container. It dies with the test run, however
    that ends."""

    def start(self) -> None:
        """Start it, also after ``kill``."""

    def over(self, pause_seconds: float) -> bool:
        """Wait so long for its end; True when it has ended."""

    def said(self) -> str:
        """The last lines that it has printed."""

    def kill(self) -> None:
        """Kill it and keep its files; return once it is dead."""

    def close(self) -> None:
        """Kill it and remove its files."""


def start(
    server: Server,
    name: str,
    answers: Callable[[], bool],
    limit_seconds: float,
    pause_seconds: float,
) -> None:
    """Start a server; return once it ``answers``, which is asked each ``pause_seconds``. Raises ServiceFailed
    when it ends before, or takes longer than the limit."""
    server.start()
    give_up = time.monotonic() + limit_seconds
    while not answers():
        over = server.over(pause_seconds)
        if over or time.monotonic() > give_up:
            late = f"did not answer within {limit_seconds:.0f} s"
            why = "ended before it answered" if over else late
            raise ServiceFailed(f"{name} {why}. It printed:\n{server.said()}")
