"""One fault in one module: pieces of its text, and what stands in their place."""

from __future__ import annotations

import ast
import functools
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("impl_dash_style", "impl_taipy_style")


@dataclass(frozen=True)
class Edit:
    """A text that is replaced, and where it begins, in characters."""

    start: int
    old: str
    new: str


@dataclass(frozen=True)
class Mutant:
    """A module with one fault, which may take several edits."""

    #: The path of the module from the root of the repository.
    module: str
    edits: tuple[Edit, ...]
    #: The requirement that a fault made by hand violates; "" for a general one.
    requirement: str = ""

    def __str__(self) -> str:
        edit = self.edits[0]
        name = f"{self.requirement} {self.module}".lstrip()
        return f"{name}:{self.line} {_short(edit.old)} -> {_short(edit.new)}"

    @property
    def line(self) -> int:
        """Where it begins."""
        return source(self.module).count("\n", 0, self.edits[0].start) + 1

    def text(self) -> str:
        """The source of the module with the fault."""
        text = source(self.module)
        for edit in sorted(self.edits, key=lambda edit: -edit.start):
            text = text[: edit.start] + edit.new + text[edit.start + len(edit.old) :]
        return text

    def statement(self) -> ast.stmt | None:
        """The innermost statement in which it begins; None outside of all."""
        return max(
            (node for node in statements(self.module) if node.lineno <= self.line <= end(node)),
            key=lambda node: node.lineno,
            default=None,
        )

    def function_lines(self) -> range:
        """The lines of the innermost function in which it begins; none outside of all."""
        functions = [
            node
            for node in statements(self.module)
            if isinstance(node, ast.FunctionDef) and node.lineno <= self.line <= end(node)
        ]
        inner = max(functions, key=lambda node: node.lineno, default=None)
        return range(inner.lineno, end(inner) + 1) if inner else range(0)


def modules() -> list[str]:
    """The modules of both implementations."""
    files = [file for name in PACKAGES for file in sorted((ROOT / name).rglob("*.py"))]
    return [str(file.relative_to(ROOT)) for file in files]


@functools.cache
def source(module: str) -> str:
    """The text of a module."""
    return (ROOT / module).read_text(encoding="utf-8")


@functools.cache
def statements(module: str) -> tuple[ast.stmt, ...]:
    """Each statement of a module."""
    nodes = ast.walk(ast.parse(source(module)))
    return tuple(node for node in nodes if isinstance(node, ast.stmt))


def end(node: ast.stmt) -> int:
    """The line on which a statement ends."""
    assert node.end_lineno
    return node.end_lineno


def _short(text: str) -> str:
    words = " ".join(text.split())
    return repr(words if len(words) < 60 else f"{words[:28]} … {words[-28:]}")
