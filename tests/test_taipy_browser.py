"""What a page of our Taipy style in Chromium shows: the server's values, where the page shows them so."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from callback_conformance.adapters.taipy.browser import BLANK, TaipyStyleBrowserConnection
from callback_conformance.adapters.taipy.screen import Screen, text_element
from callback_conformance.control.timeline import Timeline

KEY = "fence-1"


class ScriptedWindow:
    """A window whose page has received ``value``, then an answer, and shows ``text``."""

    url = BLANK

    def __init__(self, value: object, text: str) -> None:
        received = [("sets", {"values": {"result": value}}), ("answered", {"key": KEY})]
        self._seen = [
            {"what": what, "at": time.time() * 1000, "facts": facts} for what, facts in received
        ]
        self._text = text

    def evaluate(self, expression: str, call: list[Any]) -> str:
        seen, self._seen = self._seen, []
        return json.dumps({"seen": seen, "texts": [["out", self._text]]})


@pytest.mark.parametrize(
    ("value", "text", "shown"),
    [("done", "done", "done"), (3, "3", 3), ("done", "before", "before"), ([1], "[1]", [1])],
)
def test_a_text_or_whole_number_counts_as_the_page_shows_it(
    value: object, text: str, shown: object
) -> None:
    screen = Screen("page-1", Timeline())
    screen.set_elements([text_element("out", "result")])
    window: Any = ScriptedWindow(value, text)
    connection = TaipyStyleBrowserConnection("http://app", screen, window)
    connection.round_trip(KEY)
    assert screen.wait_for_answer(KEY, 0)
    assert screen.values == {"out.children": shown}


def test_a_wait_lets_in_what_the_page_has_received() -> None:
    screen = Screen("page-1", Timeline())
    TaipyStyleBrowserConnection("http://app", screen, ScriptedWindow("done", "done"))  # type: ignore[arg-type]
    assert screen.wait_for_answer(KEY, 10)
