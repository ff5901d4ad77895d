"""Runs cells of a matrix once more, with the versions that it recorded: are the verdicts the same?"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from callback_conformance.matrix.plan import Planned
from callback_conformance.matrix.prepare import prepare
from callback_conformance.matrix.record import NoMatrix, Record
from callback_conformance.processes import EnvironmentNotMade


def to_verify(records: Mapping[str, Record]) -> list[Planned]:
    """The cells that have verdicts. Raises NoMatrix when none has, or when it is not told what was installed."""
    found = [record for record in records.values() if record.ran]
    if not found or not all(record.installed for record in found):
        raise NoMatrix(
            "nothing can be verified: expected the folder of a run, whose cells/ID/cell.json tell all versions"
        )
    return [Planned(one.asked, one.dialect, one.backend, one.driver) for one in found]


def drawn(cells: Sequence[Planned], sample: int | None, seed: int) -> list[Planned]:
    """``sample`` of the cells, drawn by ``seed``; all without."""
    if sample is None or sample >= len(cells):
        return list(cells)
    return sorted(random.Random(seed).sample(list(cells), sample))  # noqa: S311


def pinned(records: Mapping[str, Record]) -> dict[str, Mapping[str, str]]:
    """What the environment of each release shall hold."""
    return {record.asked: record.installed for record in records.values() if record.ran}


def beside_the_suite(records: Mapping[str, Record]) -> list[str]:
    """What differs beside the suite from what was recorded there: it is not for us to install."""
    told = []
    for asked in sorted(
        {one.asked for one in records.values() if "@" not in one.asked and one.ran}
    ):
        recorded = next(one.installed for one in records.values() if one.asked == asked)
        try:
            here = prepare(asked)
        except EnvironmentNotMade as error:
            told.append(f"{asked}: {error}")
            continue
        told += [
            f"{asked}: {name} is {one} beside the suite; recorded was {recorded.get(name, 'none')}"
            for name, one in here.versions.items()
            if recorded.get(name) != one
        ]
    return told
