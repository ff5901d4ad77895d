"""What the harness needs to know of a backend: where jobs run, and what has to run for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Worker:
    """What runs the jobs of a queue beside the app, in the app's folder.

    ``command`` gives the words that its user types, for the manager of this name and so many jobs at
    once; a worker whose words do not depend on the name serves all managers. It is ready when it has
    printed ``ready``. ``stand_in`` is a file that does what the first of these words does, in a process
    forked from a warm one, and tells the probe when a task is over; without it the words are run as they
    are.
    """

    command: Callable[[str, int], tuple[str, ...]]
    ready: str = ""
    stand_in: Path | None = None


@dataclass(frozen=True)
class Backend:
    """One backend.

    ``services`` are those that an app and its workers find by a variable of the environment;
    ``distributions`` are what it needs beside the implementation, and ``install`` what pip is given for
    that. ``absent`` names the capabilities that it declares not to have, which the suite then probes.
    """

    name: str
    services: Mapping[str, str] = field(default_factory=dict)
    worker: Worker | None = None
    distributions: tuple[str, ...] = ()
    install: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()

    @property
    def foreign(self) -> bool:
        """True for anyone's own, ``package.module:factory``: its factory makes the managers."""
        return ":" in self.name
