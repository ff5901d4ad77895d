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
from callback_conformance.page.stranger import Exchange, RawAnswer, RawRequest, Rename

STORE, TIMER = "Store", "Interval"


def exchange_of(response: requests.Response) -> Exchange:
    """A request that was answered, and its answer."""
    request = response.request
    address = urlsplit(str(request.url))
    body = request.body or b""
    return Exchange(
        RawRequest(
            address.path,
            address.query,
            body if isinstance(body, bytes) else str(body).encode(),
            {"Content-Type": request.headers.get("Content-Type", "")},
            str(request.method),
        ),
        RawAnswer(
            response.status_code,
            {name.lower(): value for name, value in response.headers.items()},
            response.text,
        ),
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
        renamed = {name: _renamed(value, rename) for name, value in data.items()}
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
    """The renamed handle, of the same type; what names no run stays."""
    return type(handle)(rename(str(handle))) if handle else handle
