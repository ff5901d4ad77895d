"""Copies of both implementations, which the programs of the suite import before the real ones.

A copy has one fault, or notes which of its statements run. The warm processes hold neither package, so that each app
imports what the copy holds when it starts.
"""

from __future__ import annotations

import ast
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from callback_conformance.adapters import Adapter
from callback_conformance.adapters.dash import dash_style
from callback_conformance.adapters.taipy import taipy_style
from callback_conformance.scenario import Scenario
from tools.mutants.mutant import PACKAGES, ROOT, Mutant, modules, source

FOLDER = Path(tempfile.gettempdir(), f"mutants-{os.getpid()}")
EXECUTED = FOLDER / "executed"
RECORDER = "mutants_recorder"
#: What a copy imports that notes its statements. It writes at once: an app is killed, and so ends without a last word.
RECORDER_SOURCE = f"""\
import os

noted = set()


def note(statement):
    if statement not in noted:
        noted.add(statement)
        descriptor = os.open({str(EXECUTED)!r}, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(descriptor, (statement + "\\n").encode())
        os.close(descriptor)
"""


def _variant(adapter: Adapter, offers: dict[str, tuple[str, ...]]) -> Adapter:
    """``adapter``, whose programs import the copy."""

    def render(scenario: Scenario, dialect: str, backend: str) -> str:
        program = adapter.render(scenario, dialect, backend)
        return f"import sys; sys.path.insert(0, {str(FOLDER)!r})  # the variant\n{program}"

    return replace(
        adapter,
        render=render,
        imported_late=lambda version: (*PACKAGES, RECORDER),
        dialects=tuple(offers),
        offers=lambda version: offers,
    )


dash = _variant(
    dash_style.adapter,
    {"background": ("diskcache",), "long_callback": ("diskcache",), "labs": ("flask_caching",)},
)
queues = _variant(dash_style.adapter, {"background": ("celery+redis",), "labs": ("celery+rpc",)})
taipy = _variant(taipy_style.adapter, {"taipy": ("thread",)})
#: The adapters that run a package.
ADAPTERS = {"impl_dash_style": ("dash", "queues"), "impl_taipy_style": ("taipy",)}


def restore() -> None:
    """Copies without a fault."""
    for package in PACKAGES:
        shutil.rmtree(FOLDER / package, ignore_errors=True)
        shutil.copytree(ROOT / package, FOLDER / package)


def apply(mutant: Mutant) -> None:
    """Give the copy one fault."""
    _write(mutant.module, mutant.text())


def withdraw(mutant: Mutant) -> None:
    """Take the fault away."""
    _write(mutant.module, source(mutant.module))


def _write(module: str, text: str) -> None:
    file = FOLDER / module
    file.write_text(text, encoding="utf-8")
    # Python takes bytecode for current whose source had the same size in the same second.
    for cached in (file.parent / "__pycache__").glob(f"{file.stem}.*.pyc"):
        cached.unlink()


def record() -> None:
    """Copies that note which of their statements run."""
    restore()
    (FOLDER / f"{RECORDER}.py").write_text(RECORDER_SOURCE, encoding="utf-8")
    for module in modules():
        _write(module, recording(module))


def recording(module: str) -> str:
    """The text of a module that notes each of its statements before it runs it."""
    tree = ast.parse(source(module))
    for node in list(ast.walk(tree)):
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if isinstance(block, list) and block:
                setattr(node, name, _noting(module, block, is_body=name == "body"))
    imports = ast.parse(f"from {RECORDER} import note as note_statement").body
    futures = sum(_comes_first(node) for node in tree.body)
    first = next((n for n, node in enumerate(tree.body) if not _comes_first(node)), futures)
    tree.body[first:first] = imports
    return ast.unparse(ast.fix_missing_locations(tree))


def _noting(module: str, block: Sequence[ast.stmt], is_body: bool) -> list[ast.stmt]:
    noting: list[ast.stmt] = []
    for number, statement in enumerate(block):
        if not (_comes_first(statement) and is_body and number < 2):
            note = f"note_statement({f'{module}:{statement.lineno}'!r})"
            noting += ast.parse(note).body
        noting.append(statement)
    return noting


def _comes_first(statement: ast.stmt) -> bool:
    """True for a docstring, and for what must stand before all else."""
    is_text = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return is_text or (isinstance(statement, ast.ImportFrom) and statement.module == "__future__")


def executed() -> set[str]:
    """The statements that ran since the last call."""
    lines = EXECUTED.read_text(encoding="utf-8").split() if EXECUTED.exists() else []
    EXECUTED.unlink(missing_ok=True)
    return set(lines)


def remove() -> None:
    """Remove the copies."""
    shutil.rmtree(FOLDER)
