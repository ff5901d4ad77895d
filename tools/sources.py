"""The five documents as statements: the headings, sentences and programs that SPEC.md answers to.

The documents are not part of the repository. This module knows the forms in which they come: Markdown, one of them
with a number before each line and without indentation, one as plain text without any marks.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

NAMES = (
    "taipy-guide",
    "taipy-article",
    "dash-long-callbacks",
    "dash-labs-long-callback",
    "dash-background-callbacks-api",
)
KINDS = ("heading", "sentence", "program", "comment", "signature", "docstring", "picture", "data")

_PICTURE = re.compile(r"!\[[^]]*\]\([^)]*\)(\{[^}]*\})?")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z`*\[_\"“(])")
_ITEM = re.compile(r"\s*(?:[*-]|\d+\.)\s+")
_COMMENT = re.compile(r"(?:^|\s)#[#\s]*(\S.*)$")
_WORD = re.compile(r"[A-Za-z]")
_SIGNATURE = re.compile(r"\w+: |\w+ = |class \w|def \w+\(\w|\*\*\w")
_CODE = re.compile(r"(?:from|import|def|class)\s|\.\.\.$|@|\s{4}")


@dataclass(frozen=True)
class Statement:
    """One statement of a document. ``section`` is the text of the heading under which it stands."""

    ordinal: int
    section: str
    kind: str
    text: str

    @property
    def hash(self) -> str:
        """Eight hexadecimal digits of the text, in which any white space counts as one blank."""
        return hashlib.sha256(" ".join(self.text.split()).encode()).hexdigest()[:8]


class UnreadableDocument(ValueError):
    """A document is missing, or not in a form that is known here; the message names it."""


def load(folder: Path) -> dict[str, tuple[Statement, ...]]:
    """The statements of each document in a folder. Raises UnreadableDocument."""
    return {name: _read(folder / f"{name}.md") for name in NAMES}


def _read(file: Path) -> tuple[Statement, ...]:
    try:
        return split(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise UnreadableDocument(
            f"{file}: {error.strerror}; the folder must hold {', '.join(f'{name}.md' for name in NAMES)}"
        ) from error
    except (ValueError, IndexError) as error:
        raise UnreadableDocument(f"{file} cannot be taken apart: {error}") from error


def split(text: str) -> tuple[Statement, ...]:
    """All statements of a document, in order."""
    lines = _without_numbers(text.splitlines())
    plain = not any(line.startswith("#") for line in lines)
    section = ""
    statements: list[Statement] = []
    for kind, content in _statements(_plain_blocks(lines) if plain else _blocks(lines)):
        if kind == "heading":
            section = content
        statements.append(Statement(len(statements) + 1, section, kind, content))
    return tuple(statements)


def _without_numbers(lines: list[str]) -> list[str]:
    """The lines of a listing in which a number stands before each line, and alone for an empty one."""
    if lines[:1] != ["0"]:
        return lines
    kept: list[str] = []
    numbers = 0
    for line in lines:
        if line == str(numbers):
            kept.append("")
            numbers += 1
        else:
            kept[-1] = line
    return kept


# A block is a kind and its lines: "front", "fence", "api", "code", "heading", "item" or "text".
Block = tuple[str, list[str]]


def _blocks(lines: list[str]) -> Iterator[Block]:
    """The blocks of a Markdown text."""
    rest = list(lines)
    if rest[0] == "---":
        end = rest.index("---", 1)
        yield "front", rest[1:end]
        rest = rest[end + 1 :]
    while rest:
        kind, size = _next_block(rest)
        if kind:
            yield kind, rest[:size]
        rest = rest[size:]


def _next_block(lines: list[str]) -> tuple[str, int]:
    """The kind of the block that the lines begin with, and how many of them it takes."""
    first = lines[0]
    if not first.strip():
        return "", 1
    if first.startswith("```"):
        return ("api" if ".api" in first else "fence"), lines.index("```", 1) + 1
    if first.startswith("#"):
        return "heading", 1
    if first.startswith("    ") and not _ITEM.match(first):
        return "code", _length(lines, lambda line: line.startswith("    ") or not line.strip())
    begun = _length(lines[1:], lambda line: bool(line.strip()) and not _opens(line))
    return ("item" if _ITEM.match(first) else "text"), 1 + begun


def _opens(line: str) -> bool:
    return bool(_ITEM.match(line)) or line.startswith(("#", "```"))


def _length(lines: list[str], holds: Callable[[str], bool]) -> int:
    return next((place for place, line in enumerate(lines) if not holds(line)), len(lines))


def _plain_blocks(lines: list[str]) -> Iterator[Block]:
    """The blocks of a text without marks: a line alone that ends no sentence is a heading."""
    paragraphs = [part.splitlines() for part in re.split(r"\n\s*\n", "\n".join(lines)) if part]
    code: list[str] = []
    for paragraph in paragraphs:
        if _CODE.match(paragraph[0]):
            code += paragraph
            continue
        if code:
            yield "code", code
            code = []
        for line in paragraph:
            yield ("text" if line.rstrip()[-1] in ".:!?" else "heading"), [line]
    if code:
        yield "code", code


def _statements(blocks: Iterator[Block]) -> Iterator[tuple[str, str]]:
    for kind, lines in blocks:
        if kind == "front":
            yield from (("data", line) for line in lines)
        elif kind == "heading":
            yield "heading", _PICTURE.sub("", lines[0].lstrip("#")).strip()
        elif kind in ("fence", "api"):
            yield from _program(lines[1:-1], signatures=kind == "api")
        elif kind == "code":
            yield from _program(lines, signatures=False)
        else:
            yield from _prose(" ".join(line.removeprefix(">").strip() for line in lines))


def _prose(text: str) -> Iterator[tuple[str, str]]:
    """The pictures and sentences of a paragraph or a list item."""
    for picture in _PICTURE.finditer(text):
        yield "picture", picture[0]
    text = _ITEM.sub("", _PICTURE.sub("", text), count=1) if _ITEM.match(text) else text
    for sentence in _SENTENCE_END.split(_PICTURE.sub("", text)):
        if _WORD.search(sentence):
            yield "sentence", sentence.strip()


def _program(lines: list[str], signatures: bool) -> Iterator[tuple[str, str]]:
    """A program, then what it says in words: comments, docstrings, the parameters of a signature."""
    yield "program", "\n".join(lines)
    in_docstring = False
    for line in lines:
        if line.strip() == '"""':
            in_docstring = not in_docstring
        elif in_docstring and line.strip():
            yield "docstring", line.strip()
        elif comment := _COMMENT.search(line):
            yield "comment", comment[1]
        elif signatures and _SIGNATURE.match(line.strip()):
            yield "signature", line.strip()
