"""The page language: text with elements between ``<|`` and ``|>``.

=============================================  ===================================================
``<|{x}|>``, ``<|{x}|text|id=out|>``           the value of variable ``x``
``<|Run|button|id=run|on_action=start|>``      a button; it calls ``on_action`` if it names nothing
``<|{x}|input|id=field|>``                     a field in which the user changes variable ``x``
=============================================  ===================================================

Buttons and fields take ``active=False`` or ``active={x}``. A text is shown as it is, None as nothing,
and any other value as JSON. Outside elements, a blank line ends a paragraph and ``#`` begins a
heading.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape

_ELEMENT = re.compile(r"<\|(.*?)\|>", re.DOTALL)
_HEADING = re.compile(r"(#{1,6})\s+(.*)")
_ATTRIBUTES = {
    "text": {"id"},
    "button": {"id", "on_action", "active"},
    "input": {"id", "active"},
}
_FALSE = (None, False, 0, "")  # in JavaScript, where empty lists and objects are true


@dataclass(frozen=True)
class Page:
    """A page as HTML, and the names of the program that it uses."""

    html: str
    elements: Sequence[Element]
    variables: frozenset[str]  # that it shows
    actions: frozenset[str]  # the functions that its buttons call


@dataclass(frozen=True)
class Element:
    """What stands between ``<|`` and ``|>``."""

    kind: str  # a key of _ATTRIBUTES
    content: str  # a variable in braces, or a label
    attributes: dict[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The id, or an empty text."""
        return self.attributes.get("id", "")

    @property
    def variable(self) -> str | None:
        """The variable that it shows, and that an input changes."""
        return _variable(self.content)

    @property
    def active_variable(self) -> str | None:
        """The variable that says whether a user can use it."""
        return _variable(self.attributes.get("active", ""))

    @property
    def action(self) -> str | None:
        """The function that a button calls."""
        return self.attributes.get("on_action", "on_action") if self.kind == "button" else None

    def is_active(self, read: Callable[[str], object]) -> bool:
        """Whether a user can use it now; ``read`` gives the value of a variable."""
        if name := self.active_variable:
            return read(name) not in _FALSE
        return self.attributes.get("active") != "False"


def parse_page(text: str) -> Page:
    """Read a page. Raises ValueError for an element that it does not know."""
    texts_and_sources = _ELEMENT.split(text)
    elements = [_parse(source) for source in texts_and_sources[1::2]]
    texts_and_sources[0::2] = [escape(plain, quote=False) for plain in texts_and_sources[0::2]]
    texts_and_sources[1::2] = [_render(element) for element in elements]
    variables = [name for e in elements for name in (e.variable, e.active_variable) if name]
    return Page(
        html="\n".join(_blocks("".join(texts_and_sources))),
        elements=elements,
        variables=frozenset(variables),
        actions=frozenset(e.action for e in elements if e.action),
    )


def _parse(source: str) -> Element:
    content, *rest = [" ".join(part.split()) for part in source.split("|")]
    kind = rest.pop(0) if rest and "=" not in rest[0] else "text"
    if kind not in _ATTRIBUTES:
        raise ValueError(f"<|{source}|>: unknown element {kind!r}; expected {_words(_ATTRIBUTES)}")
    attributes = {}
    for part in rest:
        name, _, value = (piece.strip() for piece in part.partition("="))
        if name not in _ATTRIBUTES[kind]:
            expected = _words(_ATTRIBUTES[kind])
            raise ValueError(f"<|{source}|>: unknown attribute {name!r}; {kind} has {expected}")
        attributes[name] = value
    if kind == "input" and _variable(content) is None:
        raise ValueError(f"<|{source}|>: an input needs a variable, such as <|{{x}}|input|>")
    return Element(kind, content, attributes)


def _variable(text: str) -> str | None:
    if not (text.startswith("{") and text.endswith("}")):
        return None
    name = text[1:-1].strip()
    if not name.isidentifier():
        raise ValueError(f"{text}: expected the name of one variable between the braces")
    return name


def _render(element: Element) -> str:
    data = {
        "id": element.id,
        "data-value" if element.kind == "input" else "data-text": element.variable,
        "data-action": element.action,
        "data-active": element.active_variable,
    }
    written = "".join(f' {name}="{escape(value)}"' for name, value in data.items() if value)
    disabled = " disabled" if element.attributes.get("active") == "False" else ""
    if element.kind == "input":
        return f"<input{written}{disabled}>"
    tag = "button" if element.kind == "button" else "span"
    label = "" if element.variable else escape(element.content)
    return f"<{tag}{written}{disabled}>{label}</{tag}>"


def _blocks(html: str) -> Iterator[str]:
    paragraph: list[str] = []
    for line in [*html.splitlines(), ""]:
        heading = _HEADING.match(line.strip())
        if line.strip() and not heading:
            paragraph.append(line.strip())
            continue
        if paragraph:
            yield "<p>" + "\n".join(paragraph) + "</p>"
            paragraph = []
        if heading:
            level = len(heading[1])
            yield f"<h{level}>{heading[2]}</h{level}>"


def _words(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
