"""A matrix of the tiny suite, run by its command."""

from __future__ import annotations

from pathlib import Path

from callback_conformance.results.cell import CellSpec
from callback_conformance.results.cell_file import CellResult, read_cell_result
from tests.command import typed
from tests.tiny import Tiny

SCRIPTED = "tests.scripted:adapter"
ID = CellSpec(SCRIPTED, "background", "thread").id
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

    def lists(self, *releases: str, seconds: int = 60) -> None:
        """Write the file."""
        text = ""
        for name, _, version in (release.partition("@") for release in releases):
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

    def cell(self, id: str = ID, folder: Path | None = None) -> CellResult:
        """What is kept of a cell."""
        return read_cell_result((folder or self.folder) / "cells" / id)

    def written_ns(self, id: str = ID) -> int:
        """When the folder of a cell was last written, in ns since the epoch."""
        return (self.folder / "cells" / id).stat().st_ctime_ns
