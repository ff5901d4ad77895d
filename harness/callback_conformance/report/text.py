"""Texts of a report: Markdown, addresses, commands, and the parts of a failure's message."""

from __future__ import annotations

import re
from functools import cache

from markdown_it import MarkdownIt
from markupsafe import Markup

from callback_conformance.adapters import Adapter, UnknownImplementation, find
from callback_conformance.ledger import Deviation
from callback_conformance.page.events import LAST_ANSWER

_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f]")
_markdown = MarkdownIt("commonmark", {"html": False})  # so that all HTML in it is escaped


@cache
def inline(text: str) -> Markup:
    """A sentence of Markdown, without a paragraph of its own."""
    return Markup(_markdown.renderInline(text))  # noqa: S704 (HTML is off)


@cache
def markdown(text: str) -> Markup:
    """A text of Markdown."""
    return Markup(_markdown.render(text))  # noqa: S704 (HTML is off)


def opening(text: str) -> Markup:
    """The first paragraph of a text of Markdown."""
    return markdown(text.partition("\n\n")[0])


def plain(text: str) -> str:
    """What a terminal printed, without colours and control characters."""
    return _ANSI.sub("", text)


def upstream(thread: str) -> str:
    """The address of a thread, ``owner/project#number`` on GitHub."""
    project, _, number = thread.partition("#")
    return f"https://github.com/{project}/issues/{number}"


def install(entry: Deviation) -> str:
    """The command that installs the newest release that has a deviation, or nothing."""
    adapter = _adapter(entry.release)
    if adapter is None or not entry.verified or adapter.requirements is None:
        return ""
    words = (*adapter.requirements(entry.verified[-1]), *entry.requirements)
    return "pip install " + " ".join(f"'{word}'" for word in words)


@cache
def _adapter(release: str) -> Adapter | None:
    """Kept, because all installed packages are searched for it."""
    try:
        return find(release)
    except UnknownImplementation:
        return None


def clash(message: str) -> tuple[str, str]:
    """What a message says was seen, and what it says was expected; empty where it does not say so."""
    seen, separator, expected = message.strip().partition("; expected ")
    expected, *answer = re.split(f"(?={LAST_ANSWER})", expected, maxsplit=1)
    return ("".join([seen, *answer]), expected.removeprefix("that ")) if separator else ("", "")
