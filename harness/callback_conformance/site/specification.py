"""SPEC.md in parts: the front matter, the glossary, a page for each chapter, and what stands under each requirement."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from callback_conformance.site.prose import render, slug

_HEADING = re.compile(r"^(#{2,4}) (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Part:
    """What makes one page."""

    #: From the top of the site.
    page: str
    text: str

    @property
    def introduction(self) -> str:
        """A chapter's explanation and its example: what stands between its heading and its first requirement."""
        return _HEADING.split(self.text, maxsplit=3)[3].strip()


def parts(text: str) -> list[Part]:
    """SPEC.md as pages, in order."""
    front, *chapters = re.split(r"^(?=## (?:Glossary$|[0-9A-Z]+\. ))", text, flags=re.MULTILINE)
    return [Part("spec/index.html", front), *map(_part, chapters)]


def _part(text: str) -> Part:
    name = slug(text.partition("\n")[0].removeprefix("## "))
    return Part("glossary.html" if name == "glossary" else f"spec/{name}.html", text)


def anchors(pages: list[Part]) -> Mapping[str, str]:
    """Where each heading of SPEC.md stands. A part's own is the top of its page."""
    addresses = {}
    for part in pages:
        for place, section in enumerate(render(part.text, str).sections):
            addresses[section.id] = f"{part.page}#{section.id}" if place else part.page
    return addresses


def notes(pages: list[Part]) -> Mapping[str, str]:
    """What SPEC.md says under each requirement beside its sentence, its source and its intent."""
    return {
        title: "\n\n".join(_notes(body)) for part in pages for title, body in _requirements(part)
    }


def _requirements(part: Part) -> Iterator[tuple[str, str]]:
    _, *rest = _HEADING.split(part.text)
    for marks, title, body in zip(rest[::3], rest[1::3], rest[2::3], strict=True):
        if marks == "####":
            yield title, body


def _notes(body: str) -> Iterator[str]:
    paragraphs = [paragraph for paragraph in body.strip().split("\n\n") if paragraph.strip()]
    for paragraph in paragraphs[2:]:  # after the sentence, and the dialects with the source
        if not paragraph.startswith("Intent: "):
            yield paragraph
