"""Python source as a person would write it: calls that fit on a line stay on one, others are opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

WIDTH = 88  # the line length that Python's formatters default to
INDENT = "    "


@dataclass(frozen=True)
class Call:
    """An expression in brackets: ``head`` and opening bracket, parts, closing bracket."""

    head: str
    parts: tuple[Node, ...]
    close: str = ")"
    prefix: str = ""

    @property
    def flat(self) -> str:
        inside = ", ".join(flat(part) for part in self.parts)
        only = "," if self.head == "(" and len(self.parts) == 1 else ""
        return f"{self.prefix}{self.head}{inside}{only}{self.close}"


Node: TypeAlias = str | Call


def flat(node: Node) -> str:
    """The expression on one line."""
    return node if isinstance(node, str) else node.flat


def call(name: str, /, *arguments: Node, **keywords: Node) -> Call:
    """A call of ``name``; keyword arguments keep their order."""
    named = [keyword(key, value) for key, value in keywords.items()]
    return Call(f"{name}(", (*arguments, *named))


def keyword(name: str, value: Node) -> Node:
    """``name=value``."""
    if isinstance(value, Call):
        return Call(value.head, value.parts, value.close, f"{name}={value.prefix}")
    return f"{name}={value}"


def opened(node: Node, indent: str = "", always: bool = False, after: int = 0) -> str:
    """The expression laid out from ``indent`` on; ``after`` characters follow it on its last line."""
    one_line = flat(node)
    fits = len(indent) + len(one_line) + after <= WIDTH
    if isinstance(node, str) or not node.parts or (fits and not always):
        return one_line
    deeper = indent + INDENT
    parts = [f"{deeper}{opened(part, deeper, after=1)},\n" for part in node.parts]
    return f"{node.prefix}{node.head}\n{''.join(parts)}{indent}{node.close}"


def imported(package: str, names: Sequence[str]) -> str:
    """``from package import names``, in brackets where they do not fit on a line."""
    line = f"from {package} import {', '.join(names)}"
    if len(line) <= WIDTH:
        return line
    return opened(Call(f"from {package} import (", tuple(names)), always=True)


def keyed(key: Node, value: Node) -> Node:
    """``"key": value`` in a dictionary."""
    name = flat(key)
    if isinstance(value, Call):
        return Call(value.head, value.parts, value.close, f"{name}: {value.prefix}")
    return f"{name}: {value}"


def function(
    name: str,
    arguments: Sequence[str],
    body: Sequence[str],
    depth: int = 0,
    keyword: str = "def",
) -> str:
    """A function definition ``depth`` levels deep; the statements in ``body`` are laid out for there."""
    indent = INDENT * depth
    head = opened(Call(f"{keyword} {name}(", tuple(arguments)), indent, after=1)
    return "\n".join([f"{head}:", *(f"{indent}{INDENT}{line}" for line in body or ["pass"])])
