"""A page of our Taipy style on the wire: its requests and its stream of events, as its script has them."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from callback_conformance.adapters.taipy.screen import Element, Screen, tags, text_element
from callback_conformance.adapters.taipy.traffic import Traffic
from callback_conformance.page.stranger import RawAnswer, RawRequest
from callback_conformance.page.tab import REQUEST_SECONDS, DidNotLoad, reading


class _Refused(Exception):
    """An HTTP answer other than 200: its status and text."""


class TaipyStyleConnection:
    """The connection of one tab; ``client`` is its cookie, empty until the server has sent one.

    A request is answered with the number of the newest event before the answer, and that answer is on
    the screen when the event is.
    """

    def __init__(self, url: str, screen: Screen, client: str) -> None:
        self.client = client
        self.traffic = Traffic()
        self._host = url.removeprefix("http://")
        self._screen = screen
        self._closed = False
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._stream: socket.socket | None = None
        self._lock = threading.Lock()
        self._number = 0  # of the newest event on the screen
        self._due: dict[str, int] = {}  # the numbers that answers wait for

    def open(self) -> None:
        try:
            self._load()
        except _Refused as refused:
            status, text = refused.args
            raise DidNotLoad(f"the page was answered with {status}: {text}") from refused
        self._listen()

    def _load(self) -> None:
        page = tags(self._fetch("GET", "/").decode())
        with reading("the page"):
            self._screen.set_elements(elements(page))
        state = self._fetch("GET", "/state")
        with reading("the answer to /state"):
            fields = json.loads(state)
            self._take({"set": fields["values"]})
            for notification in fields["notifications"]:
                self._take({"notify": notification})
            self._number = fields["number"]

    def act(self, button: Element, key: str) -> None:
        fields = {"id": button.id, "action": button.action}
        self._start(self._request, key, "POST", "/action", fields)

    def change(self, field: Element, value: object, key: str) -> None:
        fields = {"name": field.variable, "value": value}
        self._start(self._request, key, "POST", "/change", fields)

    def round_trip(self, key: str) -> None:
        self._start(self._request, key, "GET", "/state")

    @property
    def handle(self) -> str:
        return self.client.partition("=")[2]

    def load_unconnected(self, named: str = "") -> None:
        cookie_name = self.client.partition("=")[0]
        user = TaipyStyleConnection(f"http://{self._host}", self._screen, "")
        user._fetch("GET", "/")
        if named:
            user.client = f"{cookie_name}={named}"
        with contextlib.suppress(_Refused):
            user._fetch("GET", "/state")

    def send(self, request: RawRequest) -> RawAnswer:
        with self._open(request)[1] as answer:
            text = answer.read().decode(errors="replace")
        return self.traffic.keep(request, answer.status, text, dict(answer.getheaders()))

    def close(self) -> None:
        self._closed = True
        for stream in self._sockets:
            _shut(stream)
        for thread in self._threads:
            thread.join()

    def _listen(self) -> None:
        self._stream, events = self._open(self._prepared("GET", f"/events?after={self._number}"))
        self._start(self._read, self._stream, events)

    def _read(self, stream: socket.socket, events: http.client.HTTPResponse) -> None:
        why = "the stream of events was closed by the server"
        try:
            with contextlib.suppress(OSError, http.client.HTTPException), events:
                self._show(events)
        except DidNotLoad as unreadable:
            why = str(unreadable)
        if stream is self._stream and not self._closed:
            self._screen.mark_lost(why)

    def _show(self, events: http.client.HTTPResponse) -> None:
        with reading("the stream of events"):
            for number, message in _messages(events):
                self.traffic.keep_pushed("/events", json.dumps(message))
                self._take(message)
                with self._lock:
                    self._number = number
                    self._settle()

    def _take(self, message: Mapping[str, Any]) -> None:
        for variable, value in message.get("set", {}).items():
            self._screen.set_variable(variable, value)
        if notification := message.get("notify"):
            self._screen.add_notification(notification["type"], notification["message"])

    def _settle(self) -> None:
        """Show the answers that need not wait any more."""
        for key in [key for key, number in self._due.items() if number <= self._number]:
            del self._due[key]
            self._screen.mark_answered(key)

    def _start(self, target: Any, *arguments: Any) -> None:
        thread = threading.Thread(target=target, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _request(self, key: str, method: str, path: str, fields: object = None) -> None:
        """Send a request, wait for its answer, and then for the event that it names."""
        number = 0
        try:
            answer = self._fetch(method, path, fields)
            with reading(f"the answer to {path.partition('?')[0]}"):
                number = json.loads(answer)["number"]
        except DidNotLoad as unreadable:
            self._screen.add_error(http.client.OK, str(unreadable))
        except _Refused as refused:
            self._screen.add_error(*refused.args)
        except (OSError, http.client.HTTPException) as error:
            if not self._closed:
                self._screen.add_error(0, f"{method} {path}: {error!r}")
            return
        with self._lock:
            self._due[key] = number
            self._settle()

    def _fetch(self, method: str, path: str, fields: object = None) -> bytes:
        request = self._prepared(method, path, fields)
        with self._open(request)[1] as answer:
            body = answer.read()
        self.traffic.keep(request, answer.status, body.decode(), dict(answer.getheaders()))
        if answer.status != http.client.OK:
            raise _Refused(answer.status, body.decode())
        return body

    def _prepared(self, method: str, path: str, fields: object = None) -> RawRequest:
        """A request as the page makes it; a stranger's page names the other user wherever it can."""
        path, _, query = path.partition("?")
        if named := self.traffic.named:
            query = f"{query}&{urlencode({'client': named})}"
            fields = {**fields, "client": named} if isinstance(fields, dict) else fields
        kind = {"Content-Type": "application/json"}
        request = RawRequest(path, query, json.dumps(fields).encode(), kind, method)
        return self.traffic.rewrite(request) if method == "POST" else request

    def _open(self, request: RawRequest) -> tuple[socket.socket, http.client.HTTPResponse]:
        """Send a request on a socket of its own, so that leaving the page ends it."""
        connection = http.client.HTTPConnection(self._host, timeout=REQUEST_SECONDS)
        connection.connect()
        stream = connection.sock
        self._sockets.append(stream)
        try:
            if self._closed:
                raise ConnectionError("the page is closed")
            headers = {"Connection": "close", "Cookie": self.client, **request.headers}
            address = f"{request.path}?{request.query}" if request.query else request.path
            connection.request(request.method, address, request.body, headers)
            answer = connection.getresponse()
            if cookie := answer.getheader("Set-Cookie"):
                self.client = cookie.partition(";")[0]
            return stream, answer
        except BaseException:
            connection.close()
            raise


def _messages(events: http.client.HTTPResponse) -> Iterator[tuple[int, dict[str, Any]]]:
    """The numbered messages of a stream of server-sent events."""
    number = 0
    for line in events:
        name, _, value = line.decode().rstrip("\n").partition(": ")
        if name == "id":
            number = int(value)
        elif name == "data":
            yield number, json.loads(value)


def elements(page: Sequence[tuple[str, Mapping[str, str]]]) -> Iterator[Element]:
    """The elements of a page, from the tags of its HTML."""
    for tag, attributes in page:
        id = attributes.get("id", "")
        if tag == "button":
            yield Element(id, action=attributes["data-action"], disabled="disabled" in attributes)
        elif "data-text" in attributes:
            yield text_element(id, attributes["data-text"])
        elif "data-value" in attributes:
            yield Element(id, "value", attributes["data-value"])


def _shut(stream: socket.socket) -> None:
    with contextlib.suppress(OSError):  # it has ended by itself
        stream.shutdown(socket.SHUT_RDWR)
