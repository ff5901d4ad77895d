"""What a cell's verdicts depend on, as one number: the same number, and it need not be run again."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from callback_conformance.adapters import find
from callback_conformance.places import PACKAGE, ROOT
from callback_conformance.processes import EnvironmentNotMade, suite_environment
from callback_conformance.results.cell import CellSpec

#: What decides no verdict: the matrix starts the runs and reads what they leave.
WITHOUT = Path(__file__).parent


def fingerprint(cell: CellSpec, suite: str, words: Sequence[str]) -> str:
    """Of a cell, its content, the hash of the ``suite``, and further ``words`` for pytest. A third party's
    implementation counts by its version alone."""
    parts = [cell.id, *_content(cell.release), *words, suite]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def suite_hash(suite: Path) -> str:
    """The hash of the suite in a folder, of what runs it, the specification and our implementations."""
    folders = [suite, PACKAGE, *sorted(ROOT.glob("impl_*"))]
    files = [file for folder in folders for file in sorted(folder.rglob("*"))] + [ROOT / "SPEC.md"]
    whole = hashlib.sha256()
    for file in files:
        if not file.is_file() or "__pycache__" in file.parts or file.is_relative_to(WITHOUT):
            continue
        name = str(file.relative_to(suite.parent if file.is_relative_to(suite) else ROOT))
        whole.update(name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return whole.hexdigest()


def _content(release: str) -> list[str]:
    """What its environment is made of."""
    name, _, version = release.partition("@")
    adapter = find(name)
    if version and adapter.requirements:
        return [adapter.python(version), *adapter.requirements(version)]
    try:
        versions = suite_environment(adapter.distributions, "").versions
    except EnvironmentNotMade:
        return []
    return [f"{name}=={version}" for name, version in versions.items()]
