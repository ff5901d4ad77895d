"""Markdown of the repository as parts of pages: headings that can be linked to, and links that lead to pages of the site."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

#: From a link in a Markdown file to one on the page that is made of it.
Links = Callable[[str], str]

_markdown = MarkdownIt("commonmark", {"html": True}).enable("table")  # our own files


@dataclass(frozen=True)
class Section:
    """A heading with the text under it."""

    #: What an address names it by: as on the forge, so that links in Markdown hold on both.
    id: str
    title: str
    level: int
    #: For the search.
    text: str


@dataclass(frozen=True)
class Prose:
    """A file, or a part of one."""

    body: Markup
    sections: tuple[Section, ...]

    @property
    def title(self) -> str:
        """The first heading."""
        return self.sections[0].title if self.sections else ""


def render(text: str, links: Links, linked_headings: Links | None = None) -> Prose:
    """Make a part of a page. ``linked_headings`` returns where a heading with this text leads to, or nothing."""
    tokens = _markdown.parse(text)
    headings = [place for place, token in enumerate(tokens) if token.type == "heading_open"]
    sections: list[Section] = []
    above: list[str] = []
    for place, following in pairwise([*headings, len(tokens)]):
        inline, end = tokens[place + 1 : place + 3]
        above = [*(tag for tag in above if tag < tokens[place].tag), tokens[place].tag]
        tokens[place].tag = end.tag = (
            f"h{len(above)}"  # one that skips a level misleads a screen reader
        )
        title = "".join(child.content for child in inline.children or ())
        anchor = _unused(slug(title), [section.id for section in sections])
        tokens[place].attrSet("id", anchor)
        if linked_headings and (target := linked_headings(title)):
            inline.children = [
                _link(target),
                *(inline.children or ()),
                Token("link_close", "a", -1),
            ]
        words = " ".join(token.content for token in tokens[place + 2 : following] if token.content)
        sections.append(Section(anchor, title, len(above), words))
    for token in tokens:
        for child in token.children or ():
            _rewrite(child, links)
    body = _markdown.renderer.render(tokens, _markdown.options, {})
    return Prose(Markup(body), tuple(sections))  # noqa: S704 (what the repository says)


def slug(title: str) -> str:
    """The anchor of a heading, as the forge makes it."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def _unused(anchor: str, used: Sequence[str]) -> str:
    numbered = [anchor, *(f"{anchor}-{number}" for number in range(1, len(used) + 1))]
    return next(each for each in numbered if each not in used)


def _link(target: str) -> Token:
    return Token("link_open", "a", 1, attrs={"href": target})


def _rewrite(token: Token, links: Links) -> None:
    for attribute in ("href", "src"):
        if target := token.attrGet(attribute):
            token.attrSet(attribute, links(str(target)))


def _code(tokens: Sequence[Token], place: int, *options: object) -> str:
    """A program or what a terminal shows, with the button that copies it."""
    token = tokens[place]
    language, _, title = token.info.partition(" ")
    label = escape(title.partition("=")[2] or language or "text")
    return (
        f'<div class="code"><div class="codehead"><span>{label}</span>'
        '<button type="button" class="copy" hidden>Copy</button></div>'
        f'<pre tabindex="0" role="group" aria-label="{label}"><code>{escape(token.content)}</code></pre></div>\n'
    )


def _table(*_: object) -> str:
    return '<div class="wide" tabindex="0" role="group" aria-label="Table"><table class="prose">'


def _end(*_: object) -> str:
    return "</table></div>\n"


for name, rule in {
    "fence": _code,
    "code_block": _code,
    "table_open": _table,
    "table_close": _end,
}.items():
    _markdown.add_render_rule(name, lambda _renderer, *arguments, rule=rule: rule(*arguments))
