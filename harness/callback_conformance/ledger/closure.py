"""What a reproducer needs of ``deviations/common``: definitions, the methods of them that are used, imports."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from callback_conformance.ledger.source import (
    Import,
    NotExportable,
    Source,
    Statement,
    names_in,
    read_source,
)


@dataclass
class Closure:
    """The part of the common modules that some names need, directly or through others."""

    #: The folder of the common modules.
    folder: Path
    #: The common modules that were read, by name, each after those that it imports from.
    modules: dict[str, Source] = field(default_factory=dict)
    #: The names that are needed, as pairs of module and name.
    needed: set[tuple[str, str]] = field(default_factory=set)
    #: The attributes that are mentioned anywhere: a method that is not among them is left out.
    attributes: set[str] = field(default_factory=set)

    def add(self, user: Source, statements: Iterable[Statement]) -> None:
        """Add what these statements of a module need."""
        nodes: list[ast.AST] = [statement.node for statement in statements]
        self.attributes.update(attributes_in(nodes))
        self._resolve(user, "", names_in(nodes))
        size = -1
        while size != (size := len(self.needed) + len(self.attributes)):
            for module, name in tuple(self.needed):
                live = live_nodes(self.modules[module].definitions[name].node, self.attributes)
                self.attributes.update(attributes_in(live))
                self._resolve(self.modules[module], module, names_in(live))

    def _resolve(self, user: Source, module: str, names: Iterable[str]) -> None:
        for name in names:
            if name in user.common:
                self.need(user.common[name], name)
            elif module and name in user.definitions:
                self.needed.add((module, name))

    def need(self, module: str, name: str) -> None:
        """Take a name of a common module as needed; ``add`` finds what it needs in its turn. Raises NotExportable."""
        if name not in self._read(module).definitions:
            raise NotExportable(f"deviations/common/{module}.py does not define {name}")
        self.needed.add((module, name))

    def _read(self, module: str) -> Source:
        if module not in self.modules:
            source = read_source(self.folder / f"{module}.py")
            for needed in source.common.values():
                self._read(needed)
            self.modules[module] = source
        return self.modules[module]

    def statements(self) -> Iterator[tuple[str, Statement]]:
        """Yield what is needed with the name of its module, in an order in which it can be executed."""
        for module, source in self.modules.items():
            for statement in source.body:
                if any((module, name) in self.needed for name in statement.binds):
                    yield module, statement

    def before_imports(self) -> list[Statement]:
        """The statements that the needed modules execute before they import packages."""
        modules = {module for module, _ in self.needed}
        return [
            statement
            for module, source in self.modules.items()
            if module in modules
            for statement in source.before_imports
        ]

    def imports(self) -> Iterator[Import]:
        """Yield what the needed statements import."""
        for module, statement in self.statements():
            used = set(names_in(live_nodes(statement.node, self.attributes)))
            source = self.modules[module]
            for early in source.before_imports:
                used |= early.uses
            yield from (imported for name, imported in source.imports.items() if name in used)


def attributes_in(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        yield from _attributes_below(node)


@cache
def _attributes_below(root: ast.AST) -> frozenset[str]:
    return frozenset(node.attr for node in ast.walk(root) if isinstance(node, ast.Attribute))


def live_nodes(node: ast.stmt, attributes: set[str]) -> list[ast.AST]:
    """Return the parts of a statement that are needed: of a class, all but the methods that are not used."""
    unused = unused_methods(node, attributes)
    if not isinstance(node, ast.ClassDef) or not unused:
        return [node]
    return [*node.decorator_list, *(part for part in node.body if part not in unused)]


def unused_methods(node: ast.stmt, attributes: set[str]) -> list[ast.stmt]:
    """Return the methods of a class that nothing uses. One with a base may be called by its base: it keeps all."""
    if not isinstance(node, ast.ClassDef) or node.bases:
        return []
    return [
        part
        for part in node.body
        if isinstance(part, ast.FunctionDef)
        and not part.name.startswith("__")
        and part.name not in attributes
    ]
