"""The store of a backend, outside the app's processes: it holds the results of jobs, and jobs that wait for a worker.

A test makes happen to it what can happen while a program runs."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from callback_conformance.backends.service import Service

LOCK_SECONDS = 60.0  # as long as the program itself waits for its database
PICKLED = 4  # diskcache's mark of a value that it loads
EXPIRY_BYTES = 4  # before the value in a file of Flask-Caching
NEVER = bytes(4)  # the expiry time of a file of cachelib that has none


class Store(Protocol):
    """A store that a test can empty and fill; one in a service can be stopped, too."""

    def empty(self) -> None:
        """Remove everything that it holds, as its administrator may at any time."""

    def lasting_values(self) -> int:
        """How many values it holds that have no expiry time."""

    def fill(self) -> None:
        """Make it reject every write."""

    def make_room(self) -> None:
        """Let it accept writes again."""

    def overwrite(self, pickle: bytes) -> int:
        """Put this pickle into the place of each value, as whoever can write there. Returns how many there were."""

    def stop(self) -> None:
        """Make it unreachable, as after a crash."""

    def start_again(self) -> None:
        """Make it reachable again, at the same address."""


class FolderStore:
    """The folders of an app's managers, each with a SQLite database or with a file for each entry.

    They are full while there is a file ``full`` in the app's folder, which the program's store checks
    (``Manager(can_fill=True)``).
    """

    def __init__(self, folder: Path, managers: Sequence[str]) -> None:
        self._folder = folder
        self._manager_folders = [folder / name for name in managers]

    def empty(self) -> None:
        """Remove the rows of each database, or the files."""
        for folder in self._manager_folders:
            if (folder / "cache.db").exists():
                _clear(folder / "cache.db")
            else:
                for file in folder.iterdir():
                    file.unlink(missing_ok=True)

    def lasting_values(self) -> int:
        """How many rows or files have no expiry time."""
        return sum(_lasting_values(folder) for folder in self._manager_folders)

    def fill(self) -> None:
        """Make the program's store act as if the disk were full."""
        (self._folder / "full").touch()

    def make_room(self) -> None:
        """Let the program's store write again."""
        (self._folder / "full").unlink()

    def overwrite(self, pickle: bytes) -> int:
        """Change the rows of each database, or the files: in the forms of diskcache and of Flask-Caching."""
        counts = []
        for folder in self._manager_folders:
            if (folder / "cache.db").exists():
                counts.append(_overwrite_rows(folder / "cache.db", pickle))
            else:
                counts.append(_overwrite_files(folder, pickle))
        return sum(counts)

    def stop(self) -> None:
        """Raise: a folder cannot stop."""
        raise RuntimeError("a folder cannot stop: mark the test @needs(Capability.STOPPABLE_STORE)")

    def start_again(self) -> None:
        """Do nothing: it cannot have stopped."""


class ServiceStore:
    """The service that holds the results of an app's managers."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def empty(self) -> None:
        """Remove everything that it holds."""
        self._service.empty()

    def lasting_values(self) -> int:
        """How many values have no expiry time."""
        return self._service.lasting_values()

    def fill(self) -> None:
        """Set its limit below what it holds."""
        self._service.limit_bytes(1)

    def make_room(self) -> None:
        """Lift its limit."""
        self._service.limit_bytes(0)

    def overwrite(self, pickle: bytes) -> int:
        """Change each value, whatever its type."""
        return self._service.overwrite(pickle)

    def stop(self) -> None:
        """Kill the server."""
        self._service.kill()

    def start_again(self) -> None:
        """Start the server at the same address."""
        self._service.start_again()


def _clear(database: Path) -> None:
    with _opened(database) as connection:
        connection.execute("DELETE FROM Cache")


def _overwrite_rows(database: Path, pickle: bytes) -> int:
    """Change each value; and add a key, since diskcache loads keys too."""
    changed = "UPDATE Cache SET value = ?, mode = ?, filename = NULL"
    with _opened(database) as connection:
        count = connection.execute(changed, (pickle, PICKLED)).rowcount
        connection.execute(
            "INSERT OR REPLACE INTO Cache (key, raw, mode) VALUES (?, 0, 1)", (pickle,)
        )
    return count


def _overwrite_files(folder: Path, pickle: bytes) -> int:
    files = list(folder.iterdir())
    for file in files:
        file.write_bytes(file.read_bytes()[:EXPIRY_BYTES] + pickle)
    return len(files)


@contextlib.contextmanager
def _opened(database: Path) -> Iterator[sqlite3.Connection]:
    """Open a database; what is changed is committed."""
    with contextlib.closing(sqlite3.connect(database, timeout=LOCK_SECONDS)) as connection:
        yield connection
        connection.commit()


def _lasting_values(folder: Path) -> int:
    if (folder / "cache.db").exists():
        with _opened(folder / "cache.db") as connection:
            lasting = "SELECT COUNT(*) FROM Cache WHERE expire_time IS NULL"
            return int(connection.execute(lasting).fetchone()[0])
    return sum(_has_no_expiry_time(file) for file in folder.iterdir())


def _has_no_expiry_time(file: Path) -> bool:
    """Whether a file of cachelib, which begins with its expiry time, holds 0 there."""
    try:
        with file.open("rb") as entry:
            return entry.read(len(NEVER)) == NEVER
    except FileNotFoundError:  # it has just been removed
        return False
