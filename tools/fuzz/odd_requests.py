"""What no page sends: changes, drawn by Hypothesis, to requests that a page has sent."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from callback_conformance.page import RawRequest

#: A text that may be long: its first part as often as the number says, then its last as often.
Repeated = tuple[str, int, str]

LONG: Sequence[Repeated] = [
    ("[", 100_000, "]"), ('{"a":[', 100_000, "]}"), ("9", 5_000, ""), ("x", 20_000, ""),
]  # fmt: skip
HUGE: Sequence[Repeated] = [(" ", 50_000_000, ""), ("[", 900_000, ""), ("\0", 2_000_000, "")]
SHORT = [
    *("", "0", "-1", "1.5", "1e999", "NaN", "-Infinity", "null", "[]", "{}", '""', "None", "*", "~", "//", "%00", "%ff"),
    *(r'"\ud800"', r'"\u0000"', "\0", "\xff\xfe", "\r\n", "\xb2", "../../etc/passwd", "a=b; a=c", '{"__proto__":{"id":1}}'),
    *('"__proto__"', '{"__dash_patch_update":"__dash_patch_update","operations":[{"operation":"Delete","location":["a"]}]}'),
    *("HEAD", "GET", "POST", "OPTIONS", "PUT", "TRACE", "text/plain", "application/json; charset=utf-16"),
]  # fmt: skip
#: Lines that are put before the headers of a request, or in the place of one.
HEADERS = [
    *("Content-Type: text/plain", "Content-Type: multipart/form-data; boundary=b", "Content-Type:", "Cookie: =", "\0: x"),
    *("Content-Length: 0", "Content-Length: -1", "Content-Length: 70000000", "Content-Encoding: gzip", "Expect: x"),
    *("Transfer-Encoding: chunked", "Transfer-Encoding: x", "Host: \xff", "Origin: null", "Last-Event-ID: \xb2"),
]  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda part: (
        st.lists(part, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "property", "value", "name"]), part, max_size=3)
    ),
    max_leaves=6,
)
_MARK = "stands where text belongs that is no JSON"


@dataclass(frozen=True)
class Edit:
    """One change to a request's ``head``, the ``json`` in its body, or the ``body``: what stands in a place (counted
    round) is to ``become`` a text, is put there ``twice``, with that text, or is ``dropped``."""

    part: str
    how: str
    place: int
    text: Repeated

    def apply(self, head: str, body: bytes) -> tuple[str, bytes]:
        """The head and the body with this change; as they are, where there is no such place."""
        first, count, last = self.text
        text = first * count + last * count
        if self.part == "head":
            return self._in_head(head, text), body
        if self.part == "json":
            return head, self._in_json(body, text)
        place = self.place % (len(body) + 1)
        rest = {"become": b"", "dropped": b"", "twice": body[place:]}[self.how]
        inserted = b"" if self.how == "dropped" else text.encode("latin-1")
        return head, (b"" if self.how == "become" else body[:place]) + inserted + rest

    def _in_head(self, head: str, text: str) -> str:
        words = re.split(r"([^\s:&=?;,]+|\r\n)", head)
        place = self.place % (len(words) // 2) * 2 + 1
        words[place] = {"become": text, "dropped": "", "twice": f"{words[place]}{text}"}[self.how]
        return "".join(words)

    def _in_json(self, body: bytes, text: str) -> bytes:
        try:
            whole = json.loads(body)
            places = list(_places(whole))
            container, key = places[self.place % len(places)]
        except (ValueError, RecursionError, ZeroDivisionError):
            return body
        if self.how == "dropped":
            del container[key]
            return json.dumps(whole).encode()
        kept, container[key] = json.dumps(container[key]), _MARK
        if self.how == "twice":
            name = f"{json.dumps(key)}:" if isinstance(container, dict) else ""
            text = f"{kept},{name}{text}"
        return json.dumps(whole).replace(json.dumps(_MARK), text).encode("latin-1")


@dataclass(frozen=True)
class Recipe:
    """What is done to which of the overheard requests (counted round). In another run, it is done to those of then."""

    request: int
    edits: Sequence[Edit]

    def of(self, overheard: Sequence[RawRequest], cookies: str) -> bytes:
        """The odd request. Its length is told as it is, unless an edit says otherwise."""
        request = overheard[self.request % len(overheard)]
        usual = {"Host": "127.0.0.1", "Connection": "close", "Cookie": cookies}
        lines = [f"{name}: {value}" for name, value in {**usual, **request.headers}.items()]
        lines.insert(0, f"{request.method} {request.path}?{request.query} HTTP/1.1")
        head, body = "\r\n".join(lines), request.body
        for edit in self.edits:
            head, body = edit.apply(head, body)
        length = "" if "Content-Length" in head else f"\r\nContent-Length: {len(body)}"
        head = head.lstrip()  # an empty line is no request
        return f"{head}{length}\r\n\r\n".encode("latin-1", "replace") + body


def _places(part: Any) -> Iterator[tuple[Any, Any]]:
    """Each container in a JSON value, with each of its keys."""
    keys = part if isinstance(part, dict) else range(len(part)) if isinstance(part, list) else ()
    for key in list(keys):
        yield part, key
        yield from _places(part[key])


def _edits(*parts: str, texts: st.SearchStrategy[Repeated]) -> st.SearchStrategy[Edit]:
    hows = st.sampled_from(["become", "twice", "dropped"])
    return st.builds(Edit, st.sampled_from(parts), hows, st.integers(0, 400), texts)


TEXTS = st.sampled_from([*LONG, *((text, 1, "") for text in SHORT)])
LINES = st.sampled_from([(f"\r\n{line}\r\n", 1, "") for line in HEADERS])
ORDINARY = _edits("head", "json", "json", "body", texts=TEXTS) | _edits("head", texts=LINES)
DRAWN = _edits("json", texts=JSON.map(lambda value: (json.dumps(value), 1, "")))
RARE = _edits("body", texts=st.sampled_from(HUGE))
EDITS = st.integers(0, 40).flatmap(
    lambda number: RARE if number == 40 else DRAWN if number > 25 else ORDINARY
)
RECIPES = st.builds(Recipe, st.integers(0, 400), st.lists(EDITS, max_size=4))
