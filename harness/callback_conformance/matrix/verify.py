"""Runs cells of a matrix once more, with the versions that it recorded: are the verdicts the same?"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from callback_conformance.matrix.compare import NoMatrix
from callback_conformance.matrix.prepare import prepare
from callback_conformance.processes import EnvironmentNotMade
from callback_conformance.results.cell import CellSpec
from callback_conformance.results.cell_file import CellResult


def to_verify(results: Mapping[str, CellResult]) -> list[CellSpec]:
    """The cells that have verdicts. Raises NoMatrix when none has, or when no versions are recorded."""
    ran = [result for result in results.values() if result.ran]
    if not ran or not all(result.installed for result in ran):
        raise NoMatrix(
            "nothing can be verified: expected the folder of a run, whose cells/ID/cell.json record all versions"
        )
    return [result.cell for result in ran]


def drawn(cells: Sequence[CellSpec], sample: int | None, seed: int) -> list[CellSpec]:
    """``sample`` of the cells, drawn by ``seed``; all without."""
    if sample is None or sample >= len(cells):
        return list(cells)
    return sorted(random.Random(seed).sample(list(cells), sample))  # noqa: S311


def pinned(results: Mapping[str, CellResult]) -> dict[str, Mapping[str, str]]:
    """The versions that the environment of each release must hold."""
    return {result.cell.release: result.installed for result in results.values() if result.ran}


def beside_the_suite(results: Mapping[str, CellResult]) -> list[str]:
    """How the suite's own environment differs from what was recorded. Installing that is up to the user."""
    differences = []
    for release, recorded in sorted(pinned(results).items()):
        if "@" in release:
            continue
        try:
            installed = prepare(release).versions
        except EnvironmentNotMade as error:
            differences.append(f"{release}: {error}")
            continue
        differences += [
            f"{release}: {name} is {version} beside the suite; recorded was {recorded.get(name, 'none')}"
            for name, version in installed.items()
            if recorded.get(name) != version
        ]
    return differences
