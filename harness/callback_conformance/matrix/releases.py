"""The releases that are known to run: those that ``ci/matrix.toml`` lists."""

from __future__ import annotations

import tomllib
from pathlib import Path

from packaging.version import Version

from callback_conformance.places import MATRIX


def known_releases(file: Path = MATRIX) -> dict[str, list[str]]:
    """The versions of each release, from the first to the last."""
    versions: dict[str, set[str]] = {}
    for entry in tomllib.loads(file.read_text(encoding="utf-8"))["cells"]:
        versions.setdefault(entry["implementation"], set()).update(entry.get("versions", ()))
    return {name: sorted(several, key=Version) for name, several in versions.items() if several}
