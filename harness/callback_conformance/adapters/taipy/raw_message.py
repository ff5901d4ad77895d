"""A message to a Taipy server as it is, on a WebSocket of its own."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping

import websocket

from callback_conformance.page.stranger import RawRequest
from callback_conformance.page.tab import REQUEST_SECONDS

SILENCE_SECONDS = (
    1.0  # after which no answer is to be expected: what is taken is answered in 0.05 s
)
SWITCHED = 101  # the status of a WebSocket that was opened


def connect(url: str, headers: Mapping[str, str] | None = None) -> websocket.WebSocket:
    """Open a WebSocket to the server at ``url``."""
    extra = dict(headers or {})
    origin = extra.pop("Origin", None)
    return websocket.create_connection(
        f"ws{url.removeprefix('http')}/socket.io/?EIO=4&transport=websocket",
        timeout=REQUEST_SECONDS,
        enable_multithread=True,
        origin=origin,
        header=extra,
    )


def send_message(url: str, request: RawRequest) -> tuple[int, str, Mapping[str, str]]:
    """Send a message, and wait for the answer if it requests one. The status, the packets and the headers with which
    the server has answered."""
    try:
        opened = connect(url, request.headers)
    except websocket.WebSocketBadStatusException as refused:
        return refused.status_code, str(refused), refused.resp_headers or {}
    packets: list[str] = []
    with contextlib.suppress(OSError, websocket.WebSocketException):
        opened.recv()
        opened.send("40")
        opened.recv()
        frame = b'42["message",' + request.body + b"]"
        opened.send(frame, websocket.ABNF.OPCODE_TEXT)
        if _requests_answer(request.body):
            opened.settimeout(SILENCE_SECONDS)
            while packet := str(opened.recv()):
                packets.append(packet)
                if '"ACK"' in packet:
                    break
    headers = opened.getheaders() or {}
    opened.close()
    return SWITCHED, "\n".join(packets), headers


def _requests_answer(body: bytes) -> bool:
    try:
        message = json.loads(body)
    except (ValueError, RecursionError):
        return False
    return isinstance(message, dict) and bool(message.get("ack_id"))
