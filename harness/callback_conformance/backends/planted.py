"""Code that somebody puts into a store: whether a program runs it is a fact."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

from callback_conformance.backends.stores import Store


class Planted:
    """A pickle in the place of each value that a store holds. Who loads it leaves a file."""

    def __init__(self, store: Store, file: Path) -> None:
        self._file = file
        #: In how many places it stands.
        self.count = store.overwrite(pickle.dumps(_Opens(file), protocol=4))  # Python 3.8 reads it

    def has_run(self) -> bool:
        """True if somebody has loaded it."""
        return self._file.exists()


class _Opens:
    def __init__(self, file: Path) -> None:
        self._file = file

    def __reduce__(self) -> tuple[Any, ...]:
        return open, (str(self._file), "a")
