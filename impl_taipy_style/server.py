"""The HTTP server, and the protocol between it and its page script (``static/page.js``).

==============  ======================  ======================================================
request         fields                  answer
==============  ======================  ======================================================
GET /                                   the page as HTML, with an id for a new client
GET /state      client                  ``{"values": {name: value}, "notifications": [...],
                                        "number": n}``
GET /events     client, after           server-sent events, without end
POST /action    client, id, action      ``{"number": n}``, when the function has returned
POST /change    client, name, value     ``{"number": n}``, when the value has been stored
==============  ======================  ======================================================

A *client id* belongs to one browser, which keeps it and sends it with each request; it is the key
to that client's values. A client begins with its first request that is not for the page itself.

An *event* is a numbered JSON object: ``{"set": {name: value}}`` or ``{"notify": {"type": word,
"message": text}}``, where the word is success, info, warning or error. A page reads ``/state``,
with the notifications that no page of this client has seen, then ``/events`` after its number. If
that connection breaks, the next one goes on where the header ``Last-Event-ID`` says, or ``after``;
if that is too long ago, an event that sets all values stands for those that are lost.

``number`` is that of the newest event sent to this client. A page that has seen it has seen all
that the server had sent before it answered: ``GET /state`` is a fence, and so is an action.

Fields of a GET stand in the query, those of a POST in a JSON object. A request that makes no sense
is answered with 400. One process with threads serves all clients, since their values are in its
memory; each open page keeps one thread busy, and one of the about six connections of its browser.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator, Mapping
from typing import Any

from flask import Flask, Response, abort, render_template, request

from impl_taipy_style.calls import call_handler
from impl_taipy_style.client import Client
from impl_taipy_style.page import Page
from impl_taipy_style.state import State

# A closed tab is only noticed by writing to it, and the first write may still seem to succeed: its
# thread ends after at most two of these. Proxies cut a silent connection after 30 s or more.
HEARTBEAT_SECONDS = 5

Answer = dict[str, Any]


class Clients:
    """All clients by their id. ``open`` makes a new one, and calls ``on_init(state)``.

    One that has been gone for ``retention`` seconds is forgotten (0: never). A job that it started
    goes on, and what the job sends goes nowhere.
    """

    def __init__(self, module: Mapping[str, Any], page: Page, retention: float) -> None:
        self._module = module
        self._retention = retention
        self._shown = page.variables
        self._clients: dict[str, tuple[Client, threading.Event]] = {}
        self._lock = threading.Lock()

    def open(self, client_id: object) -> Client:
        """The client, after its ``on_init`` has returned, whichever request called it."""
        if not isinstance(client_id, str) or not 0 < len(client_id) <= 64:
            abort(400, f"client is {client_id!r}; expected a text of 1 to 64 characters")
        with self._lock:
            self._forget()
            is_new = client_id not in self._clients
            if is_new:
                self._clients[client_id] = Client(self._module, self._shown), threading.Event()
            client, ready = self._clients[client_id]
        if is_new:
            state = State(client)
            call_handler(state, "on_init", [state])
            ready.set()
        ready.wait()
        return client

    def _forget(self) -> None:
        if self._retention:
            kept = self._clients.items()
            self._clients = {k: v for k, v in kept if v[0].gone_for() < self._retention}


def create_app(page: Page, module: Mapping[str, Any], title: str, retention: float = 0) -> Flask:
    """The Flask application that serves ``page`` over the program in ``module``."""
    app = Flask(__name__)
    clients = Clients(module, page, retention)
    heartbeat = min(HEARTBEAT_SECONDS, retention or HEARTBEAT_SECONDS)

    @app.get("/")
    def show_page() -> Response:
        new_client = secrets.token_hex(16)
        html = render_template("page.html", title=title, body=page.html, new_client=new_client)
        # A cache between server and browsers would give one client id to two users.
        return Response(html, headers={"Cache-Control": "no-store"})

    @app.get("/state")
    def read_state() -> Answer:
        return vars(clients.open(request.args.get("client")).snapshot())

    @app.get("/events")
    def stream_events() -> Response:
        client = clients.open(request.args.get("client"))
        after = request.headers.get("Last-Event-ID") or request.args.get("after") or ""
        if not after.isdecimal():
            abort(400, f"after is {after!r}; expected the number that /state gave")
        headers = {"Cache-Control": "no-store"}
        events = _events(client, int(after), heartbeat)
        return Response(events, headers=headers, mimetype="text/event-stream")

    @app.post("/action")
    def run_action() -> Answer:
        client = clients.open(_field("client"))
        action, element_id = _field("action"), _field("id")
        if action not in page.actions:
            abort(400, f"action is {action!r}; the page has {sorted(page.actions)}")
        state = State(client)
        call_handler(state, action, [state, element_id, action])
        return {"number": client.number}

    @app.post("/change")
    def change_value() -> Answer:
        client = clients.open(_field("client"))
        name = _field("name")
        if name not in page.inputs:
            abort(400, f"name is {name!r}; the page has inputs for {sorted(page.inputs)}")
        client.assign(name, _field("value"))
        return {"number": client.number}

    return app


def _events(client: Client, number: int, heartbeat: float) -> Iterator[str]:
    client.page_opened()
    try:
        yield ": open\n\n"  # Sends the headers, so that the browser knows that it is connected.
        while True:
            messages = client.wait_after(number, heartbeat)
            for message in messages:
                number = message.number
                yield f"id: {number}\ndata: {message.text}\n\n"
            if not messages:
                yield ": still here\n\n"
    finally:
        client.page_closed()


def _field(name: str) -> str:
    fields = request.get_json()
    value = fields.get(name) if isinstance(fields, dict) else None
    if not isinstance(value, str):
        abort(400, f"{name} is {value!r}; expected a text")
    return value
