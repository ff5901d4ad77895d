"""A matrix of the tiny suite, run by its command."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from callback_conformance.matrix.plan import Planned
from tests.command import typed
from tests.tiny import Tiny

SCRIPTED = "tests.scripted:adapter"
ID = Planned(SCRIPTED, "background", "thread").id
ABSENT = "dash@99.0-background-diskcache-wire"
RUN = """\
[run]
at_once = 2
workers = 0
cell_seconds = {seconds}
environment_seconds = 60
"""


class Matrix:
    """A matrix of the tiny suite."""

    def __init__(self, tiny: Tiny) -> None:
        self.tiny = tiny
        self.folder = tiny.folder / "out"
        self.lists(SCRIPTED)

    def lists(self, *asked: str, seconds: int = 60) -> None:
        """Write the file."""
        text = ""
        for name, _, version in (one.partition("@") for one in asked):
            backend = "diskcache" if name == "dash" else "thread"
            text += f'[[cells]]\nimplementation = "{name}"\nbackends = ["{backend}"]\n'
            text += 'dialects = ["background"]\n'
            text += f'versions = ["{version}"]\n' if version else ""
        (self.tiny.folder / "matrix.toml").write_text(RUN.format(seconds=seconds) + text)

    def words(self, *command: str) -> list[str]:
        """The command line that runs it, or does something else with it."""
        tests = self.tiny.folder / "suite"
        tests.mkdir(exist_ok=True)
        (tests / "test_tiny.py").write_text((self.tiny.folder / "test_tiny.py").read_text())
        file = str(self.tiny.folder / "matrix.toml")
        words = [*(command or self.at()), "--matrix", file, "--suite", str(tests)]
        return [*words, "--", "-p", "tiny_places", "-p", "no:dash", "-p", "no:random_order"]

    def at(self, *more: str) -> list[str]:
        """What runs it, but for the suite."""
        return ["matrix", "--out", str(self.folder), *more]

    def run(self, *more: str) -> int:
        """Run it; the exit status."""
        return typed(*self.words(*self.at(*more)))

    def verify(self, *more: str) -> int:
        """Run it once more; the exit status."""
        return typed(*self.words("verify", str(self.folder), *more))

    def cell(self, id: str = ID, folder: Path | None = None) -> Any:
        """What is kept of a cell."""
        return json.loads(((folder or self.folder) / "cells" / id / "cell.json").read_text())
