"""What someone knows who has overheard a Dash page: the handles of its runs, and how requests name runs by them.

Since Dash 2.6 a request has the handles in its query, and the page keeps them in its table of jobs. Before, and in Dash
Labs, they are the value of a hidden ``dcc.Store``, which comes back with each tick of a timer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import requests

from callback_conformance.adapters.dash.renderer.layout import Layout
from callback_conformance.adapters.dash.renderer.renderer import Renderer
from callback_conformance.page.stranger import Exchange, RawAnswer, RawRequest, Rename, Rewrite

STORE, TIMER = "Store", "Interval"
MOST_DIGITS = 10  # of a process number


#: Headers that whoever sends a request sets anew.
SET_ANEW = {"host", "content-length", "connection", "cookie", "authorization"}


class OverheardSession(requests.Session):
    """The requests of one browser, which are kept, and may be changed on their way."""

    def __init__(self) -> None:
        super().__init__()
        self.exchanges: list[Exchange] = []
        self.rewrite: Rewrite = lambda request: request

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        """Send a request of a callback as ``rewrite`` makes it, and any other as it is."""
        raw = _raw(request)
        if request.method == "POST" and (rewritten := self.rewrite(raw)) != raw:
            request.method = rewritten.method
            request.url = f"{str(request.url).partition(raw.path)[0]}{rewritten.path}"
            request.url += f"?{rewritten.query}" if rewritten.query else ""
            kept = {
                name: request.headers[name] for name in request.headers if name.lower() in SET_ANEW
            }
            request.headers.clear()
            request.headers.update(kept | dict(rewritten.headers))
            request.prepare_body(rewritten.body, None)
            request.prepare_content_length(rewritten.body)
        response = super().send(request, **options)
        headers = {name.lower(): value for name, value in response.headers.items()}
        answer = RawAnswer(response.status_code, headers, response.text)
        self.exchanges.append(Exchange(_raw(request), answer))
        return response


def _raw(request: requests.PreparedRequest) -> RawRequest:
    address = urlsplit(str(request.url))
    body = request.body or b""
    headers = {
        name: str(value) for name, value in request.headers.items() if name.lower() not in SET_ANEW
    }
    return RawRequest(
        address.path,
        address.query,
        body if isinstance(body, bytes) else str(body).encode(),
        headers,
        str(request.method),
    )


def handles_of(renderer: Renderer) -> list[str]:
    """The handles that a page was given and would send, each once."""
    calls = [*renderer.jobs, *renderer.polling]
    named = [str(handle) for call in calls for handle in (call.cache_key, call.job_id) if handle]
    for id, data in _stored(renderer.layout):
        served = renderer.served.props(id).get("data") or {}
        named += [
            str(value) for name, value in data.items() if value not in (None, served.get(name))
        ]
    return list(dict.fromkeys(named))


def take_runs(renderer: Renderer, overheard: Renderer, rename: Rename) -> None:
    """Give a page the runs of another, each handle renamed. Its requests name them wherever the protocol has a
    place for a handle: each input counts as one that cancels them."""
    inputs = tuple(str(input) for listed in renderer.definitions for input in listed.inputs)
    runs = {
        call: replace(
            call,
            cache_key=_renamed(call.cache_key, rename),
            job_id=_renamed(call.job_id, rename),
            cancels=inputs,
        )
        for call in [*overheard.jobs, *overheard.polling]
    }
    renderer.take_over(
        [runs[call] for call in overheard.jobs], [runs[call] for call in overheard.polling]
    )
    for id, data in _stored(overheard.layout):
        served = overheard.served.props(id).get("data") or {}
        renamed = {
            name: value if value == served.get(name) else _renamed(value, rename)
            for name, value in data.items()
        }
        renderer.layout.put(id, {"data": renamed})
    for id in overheard.layout.ids():
        if overheard.layout.kind(id) == TIMER:
            renderer.layout.put(id, overheard.layout.props(id))


def _stored(layout: Layout) -> Iterator[tuple[str, dict[str, Any]]]:
    """The stores of a page in which there is a dictionary, as releases that keep handles there have it."""
    for id in layout.ids():
        data = layout.props(id).get("data")
        if layout.kind(id) == STORE and isinstance(data, dict):
            yield id, data


def _renamed(handle: Any, rename: Rename) -> Any:
    """The renamed handle, a number if it was one and can be; what names no run stays."""
    text = rename(str(handle)) if handle else handle
    is_number = isinstance(handle, int) and isinstance(text, str) and len(text) < MOST_DIGITS
    return int(text) if is_number and text.isdecimal() else text
