"""What the harness needs to know of a backend: where jobs run, and what has to run for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from callback_conformance.backends.capability import EMBEDDED, Capability


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
    """One backend."""

    name: str
    #: The services that an app and its workers find, by the environment variable that holds the address.
    services: Mapping[str, str] = field(default_factory=dict)
    worker: Worker | None = None
    #: What it needs installed beside the implementation, and what pip installs to provide that.
    distributions: tuple[str, ...] = ()
    install: tuple[str, ...] = ()
    #: What it can do: a test that needs more does not apply to it.
    capabilities: frozenset[Capability] = EMBEDDED

    @property
    def third_party(self) -> bool:
        """True for ``package.module:factory``: its factory makes the managers."""
        return ":" in self.name

    def lacks(self, *needed: Capability) -> Capability | None:
        """The first of these that it does not have."""
        return next((one for one in needed if one not in self.capabilities), None)
