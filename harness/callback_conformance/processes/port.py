"""Ports of this machine: reserve a free one, and see whether a server listens."""

from __future__ import annotations

import socket


class PortTaken(RuntimeError):
    """Another program listens on the port that the system assigned to an app."""


def reserved_port() -> socket.socket:
    """Return a bound socket that never listens: no other program is assigned its port, yet a server may share it."""
    reserved = socket.socket()
    reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    reserved.bind(("127.0.0.1", 0))
    port = reserved.getsockname()[1]
    if is_listening(port):
        reserved.close()
        raise PortTaken(
            f"Port {port} is in use by another program, although the system assigned it as free. Configure "
            "the program that uses this fixed port number to use another one."
        )
    return reserved


def is_listening(port: int) -> bool:
    """True if a server listens on this port of this machine."""
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0
