"""What a service is to a test, whoever runs it, and what can go wrong with it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol
from urllib.parse import urlsplit

from callback_conformance.processes.port import is_listening

TAIL_LINES = 20  # of a server's log, in a message


class ServiceMissing(RuntimeError):
    """No server of a service was found: the message says what was tried, and the command that provides one."""


class ServiceFailed(RuntimeError):
    """A service did not start, or cannot do what a test needs; the message says why."""


class Service(Protocol):
    """A server, or a part of one, that is empty when it is opened and that one test uses."""

    @property
    def name(self) -> str:
        """Its kind: ``redis``, ``rabbitmq``."""

    @property
    def url(self) -> str:
        """Where clients reach it; the same after ``start_again``."""

    @property
    def origin(self) -> str:
        """Its version and where it comes from, in words for the report."""

    @property
    def closed(self) -> bool:
        """True after ``close``."""

    def empty(self) -> None:
        """Remove everything that it holds."""

    def lasting_values(self) -> int:
        """How many values it holds that have no expiry time. Raises ServiceFailed if it holds none."""

    def kill(self) -> None:
        """Kill its process, as a crash does; return once it is dead. Raises ServiceFailed unless it was
        opened with ``dedicated=True``."""

    def start_again(self) -> None:
        """Start it on the same port after ``kill``; return once it answers. Raises ServiceFailed."""

    def limit_bytes(self, count: int) -> None:
        """Make it reject what does not fit into this many bytes, until it is started again. Raises
        ServiceFailed if it has no such limit."""

    def overwrite(self, content: bytes) -> int:
        """Put this into the place of each value that it holds; returns how many there were. Raises ServiceFailed if
        it holds none but messages."""

    def close(self) -> None:
        """Leave nothing of it behind."""


class Server(Protocol):
    """One process of a server on this machine, in a container or not. It ends with the test run, however that
    ends."""

    def start(self) -> None:
        """Start it, also after ``kill``."""

    def ends_within(self, seconds: float) -> bool:
        """True as soon as it has ended; False if it still runs after this time."""

    def log_tail(self) -> str:
        """The last lines that it has printed."""

    def kill(self) -> None:
        """Kill it and keep its files; return once it is dead."""

    def close(self) -> None:
        """Kill it and remove its files."""


def start_and_wait(
    server: Server,
    name: str,
    answers: Callable[[], bool],
    limit_seconds: float,
    pause_seconds: float,
) -> None:
    """Start a server; return once ``answers`` is true, which is called every ``pause_seconds``.

    Raises ServiceFailed if the server ends first, or takes longer than the limit."""
    server.start()
    deadline = time.monotonic() + limit_seconds
    while not answers():
        has_ended = server.ends_within(pause_seconds)
        if has_ended or time.monotonic() > deadline:
            late = f"did not answer within {limit_seconds:.0f} s"
            reason = "ended before it answered" if has_ended else late
            raise ServiceFailed(f"{name} {reason}. It printed:\n{server.log_tail()}")


def is_silent(service: Service) -> bool:
    """True for a service of this machine on whose port nobody listens."""
    url = urlsplit(service.url)
    return url.hostname == "127.0.0.1" and url.port is not None and not is_listening(url.port)
