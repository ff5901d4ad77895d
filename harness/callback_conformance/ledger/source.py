"""A reproducer, or a module of ``deviations/common``, as statements with the names that each binds and uses."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

#: The package of the common modules, as reproducers import it.
COMMON = "deviations.common"


class NotExportable(ValueError):
    """A reproducer or a common module has a form that ``export`` does not handle."""


@dataclass(frozen=True)
class Import:
    """One name that a module imports: ``import module``, or ``from module import name``, also with ``as alias``."""

    module: str
    name: str = ""
    alias: str = ""

    @property
    def bound(self) -> str:
        """The name that the import binds."""
        return self.alias or self.name or self.module.partition(".")[0]

    @property
    def is_standard(self) -> bool:
        return self.module.partition(".")[0] in sys.stdlib_module_names


@dataclass(frozen=True)
class Statement:
    """A statement at the top of a module, with the comment above it."""

    node: ast.stmt
    lines: tuple[str, ...]
    #: The number of the first of the lines in its file.
    first_line: int

    @cached_property
    def binds(self) -> frozenset[str]:
        """The names that it binds in its module."""
        if isinstance(self.node, ast.FunctionDef | ast.ClassDef):
            return frozenset({self.node.name})
        if isinstance(self.node, ast.Assign | ast.AnnAssign):
            targets = self.node.targets if isinstance(self.node, ast.Assign) else [self.node.target]
            names = (name for target in targets for name in ast.walk(target))
            return frozenset(
                name.id
                for name in names
                if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)
            )
        return frozenset()

    @cached_property
    def uses(self) -> frozenset[str]:
        """The names that it mentions."""
        return frozenset(names_in([self.node]))

    @cached_property
    def uses_at_import(self) -> frozenset[str]:
        """The names that must be bound when it is executed: without the bodies of its functions."""
        return frozenset(names_in(_executed(self.node)))

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def names_in(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        yield from _names_below(node)


@cache
def _names_below(root: ast.AST) -> tuple[str, ...]:
    """Each name once. Many reproducers use the same parts of the common modules."""
    names = (node.id for node in ast.walk(root) if isinstance(node, ast.Name))
    return tuple(dict.fromkeys(names))


def _executed(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the parts of a statement that are executed with it."""
    if isinstance(node, ast.FunctionDef):
        yield from node.decorator_list
        yield from node.args.defaults
        yield from (default for default in node.args.kw_defaults if default)
    elif isinstance(node, ast.ClassDef):
        yield from (
            *node.decorator_list,
            *node.bases,
            *(keyword.value for keyword in node.keywords),
        )
        for part in node.body:
            yield from _executed(part)
    elif isinstance(node, ast.AnnAssign):
        yield from (node.target, *([node.value] if node.value else []))
    else:
        yield node


@dataclass(frozen=True)
class Source:
    """A module, taken apart."""

    #: Its docstring.
    docstring: str
    #: What it imports from packages, by the name that is bound.
    imports: dict[str, Import]
    #: Which common module each name is imported from.
    common: dict[str, str]
    #: The statements before the last import of a package, such as one that sets an environment variable.
    before_imports: tuple[Statement, ...]
    #: The statements after the imports.
    body: tuple[Statement, ...]

    @cached_property
    def definitions(self) -> dict[str, Statement]:
        """The statement that binds each name of the module."""
        return {name: statement for statement in self.body for name in statement.binds}


def read_source(file: Path) -> Source:
    """Take a module apart. Raises NotExportable."""
    return _taken_apart(file, file.read_text(encoding="utf-8"))


@cache
def _taken_apart(file: Path, text: str) -> Source:
    lines, module = text.splitlines(), ast.parse(text)
    imports: dict[str, Import] = {}
    common: dict[str, str] = {}
    statements: list[Statement] = []
    before_imports: list[Statement] = []
    for number, node in enumerate(module.body):
        if number == 0 and ast.get_docstring(module) is not None:
            continue
        if isinstance(node, ast.Import | ast.ImportFrom):
            before_imports, statements = before_imports + statements, []
            for imported in _imports(node, file):
                if imported.module.startswith(f"{COMMON}."):
                    common[imported.name] = imported.module.removeprefix(f"{COMMON}.")
                elif imported.module != "__future__":
                    imports[imported.bound] = imported
        else:
            statements.append(_statement(node, lines))
    docstring = ast.get_docstring(module) or ""
    return Source(docstring, imports, common, tuple(before_imports), tuple(statements))


def _imports(node: ast.Import | ast.ImportFrom, file: Path) -> Iterator[Import]:
    for alias in node.names:
        if isinstance(node, ast.Import):
            yield Import(alias.name, "", alias.asname or "")
        elif node.level or not node.module or alias.name == "*":
            raise NotExportable(f"{file.name}:{node.lineno}: expected `from package import name`")
        else:
            yield Import(node.module, alias.name, alias.asname or "")


def _statement(node: ast.stmt, lines: list[str]) -> Statement:
    decorators = getattr(node, "decorator_list", [])
    first = min(part.lineno for part in (node, *decorators)) - 1
    while first and lines[first - 1].startswith("#"):
        first -= 1
    return Statement(node, tuple(lines[first : node.end_lineno]), first + 1)
