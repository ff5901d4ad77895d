"""The environments of the releases: each made once, in a process that can be given up."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from callback_conformance.matrix.plan import Planned
from callback_conformance.matrix.processes import Processes


@dataclass(frozen=True)
class Prepared:
    """What an environment holds, or the ``reason`` why there is none; ``variables`` lead pytest to it."""

    seconds: float
    reason: str = ""
    installed: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)

    @property
    def made(self) -> bool:
        """True when there is one."""
        return not self.reason


class Environments:
    """Makes them, from any thread. ``pinned`` are the versions that those of some releases shall hold."""

    def __init__(
        self,
        processes: Processes,
        limit_seconds: float,
        pinned: Mapping[str, Mapping[str, str]],
        asked: Iterable[str],
    ) -> None:
        self._processes = processes
        self._limit = limit_seconds
        self._pinned = pinned
        self._made: dict[str, tuple[threading.Lock, list[Prepared]]] = {
            one: (threading.Lock(), []) for one in asked
        }

    def of(self, cell: Planned, place: Path) -> Prepared:
        """The environment of a cell; ``place`` is a folder for what is printed meanwhile."""
        lock, there = self._made[cell.asked]
        with lock:
            if not there:
                there.append(self._as_pinned(cell.asked, place))
        return there[0]

    def _as_pinned(self, asked: str, place: Path) -> Prepared:
        made = self._make(asked, place, {})
        pinned = self._pinned.get(asked, made.installed)
        if made.installed == pinned or "@" not in asked:
            return made
        constraints = place.parent / f"{asked}.txt"
        constraints.write_text("".join(f"{name}=={one}\n" for name, one in pinned.items()))
        made = self._make(asked, place, {"UV_CONSTRAINT": str(constraints)})
        if made.made and made.installed != pinned:
            strange = sorted({*made.installed.items()} ^ {*pinned.items()})
            return Prepared(made.seconds, f"it does not get the recorded versions: {strange}")
        return made

    def _make(self, asked: str, place: Path, variables: Mapping[str, str]) -> Prepared:
        output = place / "environment.txt"
        words = [sys.executable, "-m", "callback_conformance.matrix.prepare", asked]
        ended = self._processes.run(words, output, self._limit, variables)
        said = output.read_text(encoding="utf-8", errors="replace").strip()
        output.unlink()
        if ended.too_long:
            return Prepared(ended.seconds, f"it was not installed within {self._limit} s")
        if ended.status:
            return Prepared(ended.seconds, said or f"pip ended with status {ended.status}")
        return Prepared(ended.seconds, installed=json.loads(said), variables=variables)
