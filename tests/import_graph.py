"""Which modules of a package import which others."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parents[1]


def modules(package: str, root: Path = ROOT) -> dict[str, ast.Module]:
    """The modules of a package, by their full names."""
    parsed = {}
    for file in sorted((root / package).rglob("*.py")):
        parts = file.relative_to(root).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        parsed[name] = ast.parse(file.read_text(encoding="utf-8"))
    return parsed


def statements(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes below this one that run: not those that only a type checker reads."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            continue
        yield child
        yield from statements(child)


def imports(node: ast.AST) -> Iterator[str]:
    """The full names that a node imports at run time, in functions too: ``a.b`` for ``from a import b``.
    A relative name begins with a dot."""
    for statement in statements(node):
        if isinstance(statement, ast.Import):
            yield from (alias.name for alias in statement.names)
        elif isinstance(statement, ast.ImportFrom):
            base = f"{'.' * statement.level}{statement.module or ''}"
            yield from (f"{base}.{alias.name}" for alias in statement.names)


def imported_modules(node: ast.AST, names: set[str]) -> set[str]:
    """The modules that a node imports, of those with these names."""
    imported = set(imports(node))
    return (imported | {name.rpartition(".")[0] for name in imported - names}) & names


def import_graph(package: str, root: Path = ROOT) -> dict[str, set[str]]:
    """What each module of a package imports of it, by full names."""
    parsed = modules(package, root)
    return {name: imported_modules(tree, set(parsed)) for name, tree in parsed.items()}


def cycle(package: str, root: Path = ROOT) -> list[str]:
    """The modules of an import cycle, or an empty list if there is none."""
    try:
        TopologicalSorter(import_graph(package, root)).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []
