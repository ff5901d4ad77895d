"""One connection of a probe to the test."""

from __future__ import annotations

import contextlib
import json
import select
import socket
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from callback_conformance.control.controller import Job


class Link:
    """One connection: JSON lines in, an empty line out for "go on"."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.job: Job | None = None
        self._text = b""

    def read(self) -> list[dict[str, Any]] | None:
        try:
            chunk = self.connection.recv(65536)
        except ConnectionError:
            chunk = b""
        if not chunk:
            return None
        *lines, self._text = (self._text + chunk).split(b"\n")
        return [json.loads(line) for line in lines]

    def unread(self) -> bool:
        """True when a message, or the end, stands in the connection."""
        open_ = self.connection.fileno() >= 0
        return open_ and bool(select.select([self.connection], [], [], 0)[0])

    def tell(self, word: str = "") -> None:
        with contextlib.suppress(OSError):  # it may have been killed while it waited
            self.connection.sendall(word.encode() + b"\n")
