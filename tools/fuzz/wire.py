"""Sends bytes to a server, whatever they are, and reads the answer."""

from __future__ import annotations

import http.client
import select
import socket
from dataclasses import dataclass

ANSWER_SECONDS = 30.0  # the longest that is seen is 2 s, for 30 MB on a busy machine


@dataclass(frozen=True)
class Answer:
    """The status, 0 where the answer has none; what of its text has a declared length."""

    status: int
    text: str = ""
    cookies: str = ""


def send(port: int, message: bytes) -> Answer | None:
    """Send this and no more, so that the server never waits for the rest. None, if it closes the connection without an
    answer although it was sent all. Raises OSError, if it does not answer in time."""
    with socket.create_connection(("127.0.0.1", port), ANSWER_SECONDS) as connection:
        is_sent = _is_sent(connection, message)
        method = message.partition(b" ")[0].decode("latin-1")
        response = http.client.HTTPResponse(connection, method=method)
        try:
            response.begin()
            text = response.read().decode("latin-1") if response.length is not None else ""
        except ConnectionError:
            return None if is_sent else Answer(0)
        except http.client.HTTPException:  # an answer as of HTTP 0.9
            return Answer(0)
        pairs = (line.partition(";")[0] for line in response.headers.get_all("Set-Cookie", []))
        return Answer(response.status, text, "; ".join(pairs))


def _is_sent(connection: socket.socket, message: bytes) -> bool:
    """Send all, or until the server answers or closes the connection."""
    rest = memoryview(message)
    try:
        while rest:
            readable, writable, _ = select.select([connection], [connection], [], ANSWER_SECONDS)
            if readable or not writable:
                return False
            rest = rest[connection.send(rest, socket.MSG_DONTWAIT) :]
        connection.shutdown(socket.SHUT_WR)
    except OSError:
        return False
    return True
