"""What a cell's verdicts depend on, as one number: the same number, and it need not be run again."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from callback_conformance.adapters import find
from callback_conformance.matrix.plan import Planned
from callback_conformance.places import PACKAGE, ROOT
from callback_conformance.processes import EnvironmentNotMade, suite_environment

#: What decides nothing: the matrix starts the runs and reads what they leave.
WITHOUT = (Path(__file__).parent,)


def fingerprint(cell: Planned, suite: str, words: Sequence[str]) -> str:
    """Of a cell, what it is made of, the hash of the ``suite``, and the ``words`` that pytest is given beside
    it. An implementation of someone else counts by its version alone."""
    parts = [cell.id, *_made_of(cell.asked), *words, suite]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def suite_hash(suite: Path) -> str:
    """The hash of the suite in a folder, of what runs it, the specification and our implementations."""
    folders = [suite, PACKAGE, *sorted(ROOT.glob("impl_*"))]
    found = [file for folder in folders for file in sorted(folder.rglob("*")) if _counts(file)]
    found += [file for file in [ROOT / "SPEC.md"] if file.exists()]
    whole = hashlib.sha256()
    for file in found:
        name = str(file.relative_to(suite.parent if file.is_relative_to(suite) else ROOT))
        whole.update(name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return whole.hexdigest()


def _counts(file: Path) -> bool:
    if "__pycache__" in file.parts or any(file.is_relative_to(one) for one in WITHOUT):
        return False
    return file.is_file()


def _made_of(asked: str) -> list[str]:
    name, _, version = asked.partition("@")
    implementation = find(name)
    if version and implementation.requirements:
        return [implementation.python(version), *implementation.requirements(version)]
    try:
        versions = suite_environment(implementation.distributions, "").versions
    except EnvironmentNotMade:
        return []
    return [f"{name}=={one}" for name, one in versions.items()]
