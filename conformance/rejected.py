"""What chapters 15 and 17 share: the error of a program that is rejected."""

from __future__ import annotations

import re

from callback_conformance.control.violation import Violation


def expect_named(error: str | None, word: str) -> None:
    """The error, if there is one, contains the word: in upper or lower case, however its parts are joined."""
    if error is not None and _normalized(word) not in _normalized(error):
        raise Violation(f"the error says {error!r}; expected that it names {word!r}")


def _normalized(text: str) -> str:
    return re.sub(r"[\s_-]+", "_", text.lower())
