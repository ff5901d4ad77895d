"""What requests say. What no page would send is refused with a status of 4xx, whatever it holds."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from itertools import chain
from typing import Final
from urllib.parse import parse_qsl

from flask import request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from impl_dash_style.encoding import Json

#: How many bytes a request may have unless the program sets ``app.server.config["MAX_CONTENT_LENGTH"]``.
MAX_BYTES: Final = 32 * 1024 * 1024

#: How deep lists and objects may be nested. A component in a component adds three levels.
_MAX_DEPTH: Final = 200

#: The header in which a page sends its query (reconnect.js). Servers note the address of each request in their
#: logs, and whoever reads the handles in it could act as the page.
QUERY_HEADER: Final = "Callback-Query"


def payload() -> dict[str, Json]:
    """The object in the body of the current request.

    Raises UnsupportedMediaType for what is not sent as JSON: a page of another origin can send that without
    leave. Raises BadRequest for what is no JSON object, or is nested too deep.
    """
    if not request.is_json:
        raise UnsupportedMediaType("expected application/json")
    try:
        value = json.loads(request.get_data(cache=False).decode(), parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"the body cannot be read: {error!a:.200}") from None
    if not isinstance(value, dict):
        raise BadRequest("the body is not an object")
    if _is_too_deep(value):
        raise BadRequest(f"the body is nested more than {_MAX_DEPTH} levels deep")
    return value


def query() -> Mapping[str, str]:
    """The arguments of the current request: those in its header, or in its address where it has none."""
    header = request.headers.get(QUERY_HEADER)
    if header is None:
        return request.args
    try:
        return dict(parse_qsl(header, keep_blank_values=True))
    except ValueError as error:
        raise BadRequest(f"{QUERY_HEADER} cannot be read: {error!a:.200}") from None


def order(query: Mapping[str, str]) -> int | None:
    """The request's place among the page's own, if it gives one. Raises BadRequest for what is no number."""
    text = query.get("order")
    if text is None:
        return None
    if not re.fullmatch("[0-9]{1,15}", text):
        raise BadRequest("order: expected a number of at most 15 digits")
    return int(text)


def _refuse(constant: str) -> Json:
    """Raise ValueError for NaN and the infinities, which are not JSON."""
    raise ValueError(constant)


def _is_too_deep(value: dict[str, Json]) -> bool:
    level: list[dict[str, Json] | list[Json]] = [value]
    for _ in range(_MAX_DEPTH):
        parts = (outer.values() if isinstance(outer, dict) else outer for outer in level)
        level = [part for part in chain.from_iterable(parts) if isinstance(part, dict | list)]
        if not level:
            return False
    return True
