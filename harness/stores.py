"""Where a backend keeps what jobs leave, as seen from outside: what can happen to it while a program runs."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

LOCK_SECONDS = 60.0  # what the program itself waits for its database


class Store(Protocol):
    """A store that a test empties, fills, and lets have room again."""

    def empty(self) -> None:
        """Take everything out of it, as whoever keeps it may at any time."""

    def fill(self) -> None:
        """From now on it takes nothing more."""

    def make_room(self) -> None:
        """It takes something again."""


class FolderStore:
    """The folders of an app's managers, each with a SQLite database or with a file for each entry.

    They are full as long as a file ``full`` stands in the app's folder: the program's own store heeds it
    (``Manager(can_fill=True)``).
    """

    def __init__(self, folder: Path, managers: Sequence[str]) -> None:
        self._folder = folder
        self._managers = [folder / name for name in managers]

    def empty(self) -> None:
        """Take out the rows of the database, or the files."""
        for place in self._managers:
            if (place / "cache.db").exists():
                _clear(place / "cache.db")
            else:
                for file in place.iterdir():
                    file.unlink(missing_ok=True)

    def fill(self) -> None:
        """The disk is full."""
        (self._folder / "full").touch()

    def make_room(self) -> None:
        """It is not any more."""
        (self._folder / "full").unlink()


def _clear(database: Path) -> None:
    with contextlib.closing(sqlite3.connect(database, timeout=LOCK_SECONDS)) as connection:
        connection.execute("DELETE FROM Cache")
        connection.commit()
