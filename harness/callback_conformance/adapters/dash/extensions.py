"""What scripts beside the renderer do, on a page that announces it: docs/page-extensions.md.

The wire page loads no scripts. It does what they do, whosever page it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from callback_conformance.page.tab import DidNotLoad

KEY = "extensions"  # in the page's ``_dash-config``
REPEATS, TELLS_INSTANCE, QUERY_HEADER = "repeats", "tells_instance", "query_header"
NAMES = {REPEATS, TELLS_INSTANCE, QUERY_HEADER}


@dataclass(frozen=True)
class Extensions:
    """What a page has announced."""

    #: The ids of the callbacks whose requests are numbered, and repeated until the server answers.
    repeats: frozenset[str] = frozenset()
    #: Whether a request says of which instance of ``MATCH`` its outputs are.
    tells_instance: bool = False
    #: The header that carries the query of each request; without one, its address does.
    query_header: str = ""

    @classmethod
    def of(cls, config: Mapping[str, Any]) -> Extensions:
        """Those of a page with this configuration. Raises DidNotLoad for what is no extension."""
        announced = config.get(KEY, {})
        if unknown := set(announced) - NAMES:
            raise DidNotLoad(
                f"the page announces the extensions {sorted(unknown)}; choose from {sorted(NAMES)}"
            )
        repeats, tells = announced.get(REPEATS, []), announced.get(TELLS_INSTANCE, False)
        header = announced.get(QUERY_HEADER, "")
        if not isinstance(repeats, list) or not all(isinstance(id, str) for id in repeats):
            raise DidNotLoad(f"the extension {REPEATS} is {repeats!r}; expected ids of callbacks")
        if not isinstance(tells, bool):
            raise DidNotLoad(f"the extension {TELLS_INSTANCE} is {tells!r}; expected true or false")
        if not isinstance(header, str) or not re.fullmatch("[A-Za-z-]*", header):
            raise DidNotLoad(
                f"the extension {QUERY_HEADER} is {header!r}; expected a header's name"
            )
        return cls(frozenset(repeats), tells, header)

    def carried(self, query: list[tuple[str, str]]) -> dict[str, Any]:
        """The arguments of ``requests.post`` by which a request carries its query."""
        if self.query_header:
            return {"headers": {self.query_header: urlencode(query)}}
        return {"params": query}


def tell_instance(body: dict[str, Any]) -> None:
    """Say in a request's body which instance is meant: that of its outputs, not of the input that changed."""
    outputs = body.get("outputs")
    ids = [output["id"] for output in _flat([outputs] if outputs else [])]
    matched = {key: value for id in ids if isinstance(id, dict) for key, value in id.items()}
    if matched or not body["parsedChangedPropsIds"]:
        body["parsedChangedPropsIds"] = [matched]


def _flat(outputs: Any) -> Iterator[dict[str, Any]]:
    if isinstance(outputs, list):
        for output in outputs:
            yield from _flat(output)
    else:
        yield outputs
