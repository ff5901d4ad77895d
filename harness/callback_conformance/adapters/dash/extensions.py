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
REPEATS, QUERY_HEADER = "repeats", "query_header"
SWITCHES = ("leaves_out_unmatched", "tells_instance")
NAMES = {REPEATS, QUERY_HEADER, *SWITCHES}


@dataclass(frozen=True)
class Extensions:
    """What a page has announced."""

    #: The ids of the callbacks whose requests are numbered, and repeated until the server answers.
    repeats: frozenset[str] = frozenset()
    #: Whether a request says of which instance of ``MATCH`` its outputs are.
    tells_instance: bool = False
    #: The header that carries the query of each request; without one, its address does.
    query_header: str = ""
    #: Whether an entry of ``running`` with ``ALL`` is left out where no component matches it.
    leaves_out_unmatched: bool = False

    @classmethod
    def of(cls, config: Mapping[str, Any]) -> Extensions:
        """Those of a page with this configuration. Raises DidNotLoad for what is no extension."""
        announced = config.get(KEY, {})
        if unknown := set(announced) - NAMES:
            raise DidNotLoad(
                f"the page announces the extensions {sorted(unknown)}; choose from {sorted(NAMES)}"
            )
        repeats, header = announced.get(REPEATS, []), announced.get(QUERY_HEADER, "")
        if not isinstance(repeats, list) or not all(isinstance(id, str) for id in repeats):
            raise DidNotLoad(f"the extension {REPEATS} is {repeats!r}; expected ids of callbacks")
        switches = {name: announced.get(name, False) for name in SWITCHES}
        for name, switch in switches.items():
            if not isinstance(switch, bool):
                raise DidNotLoad(f"the extension {name} is {switch!r}; expected true or false")
        if not isinstance(header, str) or not re.fullmatch("[A-Za-z-]*", header):
            raise DidNotLoad(
                f"the extension {QUERY_HEADER} is {header!r}; expected a header's name"
            )
        return cls(frozenset(repeats), query_header=header, **switches)

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
