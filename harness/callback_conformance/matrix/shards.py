"""A matrix whose cells several machines share: which cells are whose, and whose results become one matrix."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from callback_conformance.matrix.plan import BadMatrix
from callback_conformance.results.cell import CellSpec
from callback_conformance.results.cell_file import NAME, read_cell_results


@dataclass(frozen=True)
class Shard:
    """The part of one machine."""

    #: From 1 to ``count``.
    number: int
    count: int

    @classmethod
    def parse(cls, text: str) -> Shard:
        """``2/8`` is the second of eight. Raises ValueError."""
        words = re.fullmatch(r"([1-9]\d*)/([1-9]\d*)", text)
        if not words or int(words[1]) > int(words[2]):
            raise ValueError(f"{text!r} is not a shard: expected NUMBER/COUNT, such as 2/8")
        return cls(int(words[1]), int(words[2]))

    def of(self, cells: Sequence[CellSpec]) -> list[CellSpec]:
        """Every ``count``-th cell, so that neighbours in the file, which take about as long as each other, run on
        different machines. Raises BadMatrix when none is left for this one."""
        own = list(cells[self.number - 1 :: self.count])
        if not own:
            raise BadMatrix(f"shard {self.number}/{self.count} is empty: cells: {len(cells)}")
        return own


def cells_of_shards(shards: Sequence[Path], merged: Path) -> dict[str, Path]:
    """The folder of each cell, by its id, in the folders of several runs; ``merged`` is where they will be brought.
    Raises BadMatrix, BadFile."""
    folders: dict[str, Path] = {}
    for shard in shards:
        if shard.absolute() == merged:
            raise BadMatrix(f"{shard} is a shard itself: name another folder for the whole (--out)")
        if not read_cell_results(shard / "cells"):
            raise BadMatrix(f"{shard} holds no cells: expected the folder of a run of one shard")
        for file in sorted(shard.glob(f"cells/*/{NAME}")):
            id = file.parent.name
            if id in folders:
                raise BadMatrix(f"{id} is both in {folders[id].parents[1]} and in {shard}")
            folders[id] = file.parent
    return folders
