"""Text that fits a terminal: wrapped between words, never inside one."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

WIDTH = 80


def wrapped(text: str, indent: str = "", more: str = "  ") -> list[str]:
    """The lines of a text; all but the first are indented by ``more``. A word that is too long has a line of its own."""
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent + more,
        break_long_words=False,
        break_on_hyphens=False,
    )


def listed(words: Iterable[str], limit: int) -> str:
    """The words with commas; what is over the limit is counted."""
    every = list(words)
    rest = len(every) - limit
    return ", ".join(every[:limit]) + (f" and {rest} more" if rest > 0 else "")


def counted(number: int, noun: str) -> str:
    """A number and its noun, whose plural has an s."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
