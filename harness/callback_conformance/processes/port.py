"""Ports of this machine: one that nobody else is given, and whether anybody listens."""

from __future__ import annotations

import socket


class PortTaken(RuntimeError):
    """Somebody else listens on the port that the system gave to an app."""


def reserved_port() -> socket.socket:
    """A bound socket that never listens: nobody else is given its port, and a server may share it."""
    reserved = socket.socket()
    reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    reserved.bind(("127.0.0.1", 0))
    port = reserved.getsockname()[1]
    if answers(port):
        reserved.close()
        raise PortTaken(
            f"Port {port} is in use by another program, although it was free a moment ago: whoever asks "
            "for this port by its number must be given another."
        )
    return reserved


def answers(port: int) -> bool:
    """True when somebody listens on this port of this machine."""
    with socket.socket() as connection:
        return connection.connect_ex(("127.0.0.1", port)) == 0
