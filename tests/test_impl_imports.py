"""The modules of each implementation import one another in one direction, and at the top of the file."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("impl_dash_style", "impl_taipy_style")
#: Packages that a program without Celery need not install. Only a function imports a module that needs one.
OPTIONAL = {"celery", "kombu", "redis"}


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
    """The full names that a node imports at run time, in functions too: ``a.b`` for ``from a import b``."""
    for statement in statements(node):
        if isinstance(statement, ast.Import):
            yield from (alias.name for alias in statement.names)
        elif isinstance(statement, ast.ImportFrom):
            assert not statement.level, f"a relative import: {ast.unparse(statement)}"
            yield from (f"{statement.module}.{alias.name}" for alias in statement.names)


def imported_modules(node: ast.AST, names: set[str]) -> set[str]:
    """The modules that a node imports, of those with these names."""
    imported = set(imports(node))
    return (imported | {name.rpartition(".")[0] for name in imported - names}) & names


def cycle(package: str, root: Path = ROOT) -> list[str]:
    """The modules of an import cycle, or an empty list if there is none."""
    parsed = modules(package, root)
    graph = {name: imported_modules(tree, set(parsed)) for name, tree in parsed.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


@pytest.mark.parametrize("package", PACKAGES)
def test_no_imports_form_a_cycle(package: str) -> None:
    assert cycle(package) == []


def test_an_import_in_a_function_closes_a_cycle_and_one_for_annotations_does_not(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "package"
    folder.mkdir()
    (folder / "__init__.py").write_text("from package import upper\n")
    (folder / "upper.py").write_text("from package.lower import something\n")
    typed = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import package.upper\n"
    (folder / "lower.py").write_text(typed)
    assert cycle("package", tmp_path) == []
    (folder / "lower.py").write_text("def late():\n    from package.upper import other\n")
    assert set(cycle("package", tmp_path)) == {"package.upper", "package.lower"}


@pytest.mark.parametrize("package", PACKAGES)
def test_a_function_imports_a_module_only_if_the_module_needs_an_optional_package(
    package: str,
) -> None:
    parsed = modules(package)
    late = {
        module
        for tree in parsed.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for module in imported_modules(node, set(parsed))
    }
    needs_optional = {
        name
        for name, tree in parsed.items()
        if any(
            alias.partition(".")[0] in OPTIONAL
            for statement in tree.body
            if isinstance(statement, ast.Import | ast.ImportFrom)
            for alias in imports(ast.Module([statement], []))
        )
    }
    assert late <= needs_optional
