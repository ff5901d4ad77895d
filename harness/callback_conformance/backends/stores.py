"""What a backend has outside an app's processes: where it keeps what jobs leave, and where jobs wait for a
worker. What can happen to both while a program runs."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from callback_conformance.backends.service import Service

LOCK_SECONDS = 60.0  # what the program itself waits for its database


class Store(Protocol):
    """A store that a test empties, fills, and lets have room again; a service can be stopped, too."""

    def empty(self) -> None:
        """Take everything out of it, as whoever keeps it may at any time."""

    def fill(self) -> None:
        """From now on it takes nothing more."""

    def make_room(self) -> None:
        """It takes something again."""

    def stop(self) -> None:
        """It is there no more, as after a crash."""

    def start_again(self) -> None:
        """It is there again, where it was before."""


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

    def stop(self) -> None:
        """A folder does not stop."""
        raise RuntimeError(
            "a folder does not stop: mark the test @needs(Capability.STOPPABLE_STORE)"
        )

    def start_again(self) -> None:
        """It has not stopped."""


class ServiceStore:
    """The service that holds the results of an app's managers."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def empty(self) -> None:
        """Take everything out of it."""
        self._service.empty()

    def fill(self) -> None:
        """It has more than it may hold by now."""
        self._service.limit_bytes(1)

    def make_room(self) -> None:
        """It may hold what it likes."""
        self._service.limit_bytes(0)

    def stop(self) -> None:
        """Kill it."""
        self._service.kill()

    def start_again(self) -> None:
        """Start it where it was before."""
        self._service.start_again()


def _clear(database: Path) -> None:
    with contextlib.closing(sqlite3.connect(database, timeout=LOCK_SECONDS)) as connection:
        connection.execute("DELETE FROM Cache")
        connection.commit()
