"""The assertions of a stranger, each with scripts on which it must fail and on which it must hold."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from callback_conformance.page import Exchange, RawAnswer, RawRequest, Stranger
from tests.scripted_page import Assertion, Scene, held, violated


def answered(*texts: str) -> Any:
    """A stranger, whose name is that of the page itself, was answered with these texts and is sent nothing of page-1."""

    def use(scene: Scene) -> None:
        request = RawRequest("/poll")
        exchanges = [Exchange(request, RawAnswer(200, {}, text)) for text in texts]
        own: Any = SimpleNamespace(exchanges=exchanges)
        Stranger(scene.page, own, own).expect_nothing_of(scene.page)

    return use


STRANGERS = [
    Assertion(
        "Stranger.expect_nothing_of",
        answered('{"multi": true}', '{"out": "page-1-user"}'),
        [
            violated(
                "an answer has the word",
                'page-1 was sent what belongs to page-1: POST /poll was answered with \'{"out": "page-1-user"}\'',
            )
        ],
    ),
    Assertion(
        "Stranger.expect_nothing_of",
        answered('{"multi": true}', "page-2-user"),
        [held("none has it")],
    ),
]
