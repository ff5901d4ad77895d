"""The HTTP server, and the protocol between it and its page script (``static/page.js``).

==============  ==============  ==============================================================
request         fields          answer
==============  ==============  ==============================================================
GET /                           the page as HTML, and a cookie for a browser that has none
GET /state                      ``{"values": {name: value}, "notifications": [...],
                                "number": n}``
GET /events     after           server-sent events, without end
POST /action    id, action      ``{"number": n}``, when the function has returned
POST /change    name, value     ``{"number": n}``, when the value has been stored
==============  ==============  ==============================================================

The cookie alone says which client a request comes from (module ``identity``); without one that this
server gave, each but the first is answered with 403. A client begins with its first request that
is not for the page itself.

An *event* is a numbered JSON object: ``{"set": {name: value}}`` or ``{"notify": {"type": word,
"message": text}}``, where the word is success, info, warning or error. A page reads ``/state``,
with the notifications that no page of this client has seen, then ``/events`` after its number. If
that connection breaks, the next one goes on where the header ``Last-Event-ID`` says, or ``after``;
if that is too long ago, an event that sets all values stands for those that are lost.

``number`` is that of the newest event sent to this client. A page that has seen it has seen all
that the server had sent before it answered: ``GET /state`` is a fence, and so is an action.

Fields of a GET stand in the query, those of a POST in a JSON object, which other sites' pages may
not send. A request that makes no sense is answered with 400, one for an element that the user
cannot use now with 409, and one too many with 429. One process with threads serves all clients,
since their values are in its memory; each open page keeps one thread busy, and one of the about
six connections of its browser.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from flask import Flask, Response, abort, jsonify, render_template, request

from impl_taipy_style.calls import call_handler
from impl_taipy_style.client import Client, TooMany
from impl_taipy_style.clients import Clients, Limits
from impl_taipy_style.identity import Identities
from impl_taipy_style.page import Element, Page
from impl_taipy_style.state import State

MAX_BODY_BYTES = 1_000_000  # of a POST: what a user types, and some names

# A closed tab is only noticed by writing to it, and the first write may still seem to succeed: its
# thread ends after at most two of these. Proxies cut a silent connection after 30 s or more.
HEARTBEAT_SECONDS = 5

Answer = dict[str, Any]


def create_app(page: Page, module: Mapping[str, Any], title: str, limits: Limits) -> Flask:
    """The Flask application that serves ``page`` over the program in ``module``."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    app.register_error_handler(TooMany, lambda error: (str(error), 429))
    identities = Identities()
    clients = Clients(module, page.variables, limits)
    heartbeat = min(HEARTBEAT_SECONDS, limits.retention_seconds or HEARTBEAT_SECONDS)

    def open_client() -> Client:
        client_id = identities.of_request()
        if client_id is None:
            abort(403, "the request has no cookie that this server gave; load the page first")
        return clients.open(client_id)

    @app.get("/")
    def show_page() -> Response:
        html = render_template("page.html", title=title, body=page.html)
        # A cache between server and browsers would give one cookie to two users.
        response = Response(html, headers={"Cache-Control": "no-store"})
        if identities.of_request() is None:
            identities.give(response)
        return response

    @app.get("/state")
    def read_state() -> Response:
        response = jsonify(vars(open_client().snapshot()))
        response.headers["Cache-Control"] = "no-store"
        return response

    @app.get("/events")
    def stream_events() -> Response:
        client = open_client()
        after = request.headers.get("Last-Event-ID") or request.args.get("after", "")
        if not re.fullmatch("[0-9]{1,20}", after):
            abort(400, f"after is {after!r}; expected the number that /state gave")
        client.page_opened()
        events = _events(client, int(after), heartbeat)
        headers = {"Cache-Control": "no-store"}
        response = Response(events, headers=headers, mimetype="text/event-stream")
        response.call_on_close(client.page_closed)
        return response

    _add_acts(app, page, open_client)
    return app


def _add_acts(app: Flask, page: Page, open_client: Callable[[], Client]) -> None:
    """What a user does on the page."""

    @app.post("/action")
    def run_action() -> Answer:
        client = open_client()
        action, element_id = _field("action"), _field("id")
        buttons = [e for e in page.elements if (e.id, e.action) == (element_id, action)]
        _check_use(client, f"button {element_id!r} that calls {action!r}", buttons)
        state = State(client)
        call_handler(state, action, [state, element_id, action])
        return {"number": client.number}

    @app.post("/change")
    def change_value() -> Answer:
        client = open_client()
        name = _field("name")
        fields = [e for e in page.elements if (e.kind, e.variable) == ("input", name)]
        _check_use(client, f"input for {name!r}", fields)
        client.assign(name, _field("value"))
        return {"number": client.number}


def _check_use(client: Client, what: str, elements: Sequence[Element]) -> None:
    """Refuse what the user cannot do, because none of these elements is there and active."""
    if not elements:
        abort(400, f"the page has no {what}")
    if not any(element.is_active(client.read) for element in elements):
        abort(409, f"the {what} is not active")


def _events(client: Client, number: int, heartbeat: float) -> Iterator[str]:
    yield ": open\n\n"  # Sends the headers, so that the browser knows that it is connected.
    while True:
        messages = client.wait_after(number, heartbeat)
        for message in messages:
            number = message.number
            yield f"id: {number}\ndata: {message.text}\n\n"
        if not messages:
            yield ": still here\n\n"


def _field(name: str) -> str:
    """A field of a POST."""
    try:
        fields = request.get_json()
    except RecursionError:
        abort(400, "the JSON is nested too deeply")
    value = fields.get(name) if isinstance(fields, dict) else None
    if not isinstance(value, str):
        abort(400, f"{name} is {value!r}; expected a text")
    return value
