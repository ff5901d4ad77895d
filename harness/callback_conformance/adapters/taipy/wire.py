"""A Taipy page on the wire: the Socket.IO connection and the messages of its JavaScript.

It speaks Engine.IO 4 and Socket.IO 5 on a WebSocket itself, some twenty lines: the Python client of
Socket.IO hands each message to a thread of its own, and the order of messages is what a page is for.
"""

from __future__ import annotations

import contextlib
import json
import secrets
import socket
import threading
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

import requests
import websocket

from callback_conformance.adapters.taipy.raw_message import SWITCHED, connect, send_message
from callback_conformance.adapters.taipy.screen import Element, Screen, tags, text_element
from callback_conformance.adapters.taipy.traffic import SENT, Traffic
from callback_conformance.page.stranger import RawAnswer, RawRequest
from callback_conformance.page.tab import REQUEST_SECONDS, DidNotLoad, reading

CLOSE_SECONDS = 0.5  # a live server answers a closing handshake within milliseconds

SOCKET = "/socket.io/"

#: The messages that an act of the user sends: an action, and an update of a variable.
_ACTS = ("A", "U")

#: Notification kinds by their first letter, which is all that the page looks at.
_KINDS = {"e": "error", "w": "warning", "s": "success"}


class TaipyConnection:
    """The connection of one tab; ``client`` is empty until the server has sent an id."""

    def __init__(self, url: str, screen: Screen, client: str) -> None:
        self.client = client
        self.traffic = Traffic()
        self._url = url
        self._screen = screen
        self._module = ""
        self._socket: websocket.WebSocket | None = None
        self._reader = threading.Thread()

    def open(self) -> None:
        self._connect()
        with requests.Session() as session:
            session.trust_env = False  # no proxy between a page and its app
            with reading("the page"):
                locations = self._fetch(session, "/taipy-init")["locations"]
                page = self._fetch(session, f"/taipy-jsx{locations['/']}")
                self._module = page["context"]
                self._screen.set_elements(elements(page["jsx"]))
        # The page holds its first values as texts; an answer holds them as values.
        names = sorted(
            {element.variable for element in self._screen.elements.values() if element.variable}
        )
        self._request("RU", "", {"names": names})

    def act(self, button: Element, key: str) -> None:
        self._send("A", button.id, {"action": button.action, "args": []}, key)

    def change(self, field: Element, value: object, key: str) -> None:
        self._send("U", field.variable, {"value": value}, key)

    def round_trip(self, key: str) -> None:
        self._send("RU", "", {"names": []}, key)

    @property
    def handle(self) -> str:
        return self.client

    def load_unconnected(self, named: str = "") -> None:
        with requests.Session() as session:
            session.trust_env = False
            with contextlib.suppress(requests.HTTPError) if named else contextlib.nullcontext():
                self._fetch(session, "/taipy-init", client=named or secrets.token_hex(16))

    def send(self, request: RawRequest) -> RawAnswer:
        if request.method == SENT:
            status, text, headers = send_message(self._url, request)
        else:
            address = f"{self._url}{request.path}"
            with requests.Session() as session:
                session.trust_env = False
                answer = session.request(
                    request.method,
                    address,
                    params=request.query,
                    data=request.body,
                    headers=request.headers,
                    timeout=REQUEST_SECONDS,
                )
            status, text, headers = answer.status_code, answer.text, answer.headers
        return self.traffic.keep(request, status, text, headers)

    def close(self) -> None:
        closing, self._socket = self._socket, None
        if closing is None or closing.sock is None:
            return
        with contextlib.suppress(OSError, websocket.WebSocketException):
            closing.send_close()
        if self._reader.is_alive():
            self._reader.join(CLOSE_SECONDS)
        with contextlib.suppress(OSError):
            closing.sock.shutdown(socket.SHUT_RDWR)  # wakes the reader of a server that hangs
        if self._reader.is_alive():
            self._reader.join()
        closing.sock.close()

    def _connect(self) -> None:
        """Open the WebSocket, and identify its user."""
        try:
            opened = connect(self._url)
        except websocket.WebSocketException as error:
            raise ConnectionError(f"the WebSocket was refused: {error}") from error
        self._socket = opened
        hello = json.loads(opened.recv()[1:])
        opened.settimeout((hello["pingInterval"] + hello["pingTimeout"]) / 1000)  # then it is dead
        opened.send("40")
        self._reader = threading.Thread(target=self._read, args=(opened,), daemon=True)
        self._reader.start()
        self._request("ID", "TaipyClientId", self.client, propagate=False)

    def _read(self, opened: websocket.WebSocket) -> None:
        stream = opened.sock
        assert stream is not None, "the connection was opened by _connect"
        why = "the connection was closed by the server"
        try:
            with contextlib.suppress(OSError, websocket.WebSocketException), stream:
                self._show(opened, stream)
        except DidNotLoad as unreadable:
            why = str(unreadable)
        if opened is self._socket:
            self._screen.mark_lost(why)

    def _show(self, opened: websocket.WebSocket, stream: socket.socket) -> None:
        for packet in _packets(opened, stream):
            if packet == "2":
                opened.send("3")  # a ping, and its pong
            elif packet.startswith("42"):
                self.traffic.keep_pushed(SOCKET, packet)
                with reading("a message of the server"):
                    self._take(json.loads(packet[2:])[1])

    def _take(self, message: Mapping[str, Any]) -> None:
        match message["type"]:
            case "ID":
                self.client = message["id"]
            case "ACK":
                self._screen.mark_answered(message["id"])
            case "MU":
                for part in message["payload"]:
                    self._screen.set_variable(part["name"], part["payload"]["value"])
            case "AL":
                kind = _KINDS.get(message["atype"][:1].lower(), "info")
                self._screen.add_notification(kind, message["message"])
            case "MS":
                for part in message["payload"]:
                    self._take(part)

    def _request(self, kind: str, name: str, payload: object, propagate: bool = True) -> None:
        """Send a message and wait for its answer."""
        key = f"open-{secrets.token_hex(8)}"
        self._send(kind, name, payload, key, propagate)
        if not self._screen.wait_for_answer(key, REQUEST_SECONDS):
            raise ConnectionError(f"{self._url} did not answer the message {kind}")

    def _send(
        self, kind: str, name: str, payload: object, key: str, propagate: bool = True
    ) -> None:
        message = {
            "type": kind,
            "name": name,
            "payload": payload,
            "propagate": propagate,
            "client_id": self.traffic.named or self.client,
            "ack_id": key,
            "module_context": self._module,
        }
        request = RawRequest(SOCKET, body=json.dumps(message).encode(), method=SENT)
        if kind in _ACTS:
            request = self.traffic.rewrite(request)
        with contextlib.suppress(OSError, websocket.WebSocketException):  # the reader reports it
            if self._socket:
                self._socket.send(f'42["message",{request.body.decode()}]')
        self.traffic.keep(request, SWITCHED, "")

    def _fetch(self, session: requests.Session, path: str, client: str = "") -> Any:
        query = {"client_id": client or self.traffic.named or self.client}
        response = session.get(self._url + path, params=query, timeout=REQUEST_SECONDS)
        request = RawRequest(path, urlencode(query), method="GET")
        self.traffic.keep(request, response.status_code, response.text, response.headers)
        response.raise_for_status()
        return response.json()


def _packets(opened: websocket.WebSocket, stream: socket.socket) -> Iterator[str]:
    """The packets until the server closes. Each is acknowledged at once: the kernel would wait 40 ms for data to
    send along, and the server's kernel holds small packets back meanwhile."""
    while packet := opened.recv():
        stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        yield str(packet)


def elements(jsx: str) -> Iterator[Element]:
    """The elements of a page, from what its server sends for React to build."""
    for tag, attributes in tags(jsx):
        id = attributes.get("id", "")
        if tag == "button":
            yield Element(id, action=attributes.get("onaction", ""))
        elif tag == "field":
            yield text_element(id, attributes.get("value", "").strip("{}"))
        elif tag == "input":
            yield Element(id, "value", attributes["updatevarname"])
