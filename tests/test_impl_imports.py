"""The modules of each implementation import one another in one direction, and at the top of the file."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.import_graph import cycle, imported_modules, imports, modules

PACKAGES = ("impl_dash_style", "impl_taipy_style")
#: Packages that a program without Celery need not install. Only a function imports a module that needs one.
OPTIONAL = {"celery", "kombu", "redis"}


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
