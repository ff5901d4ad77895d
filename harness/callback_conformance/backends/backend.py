"""What the harness needs to know of a backend: where jobs run, and what has to run for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from callback_conformance.backends.capability import EMBEDDED, Capability


@dataclass(frozen=True)
class Worker:
    """What takes jobs from a queue and runs them, beside the app and in its folder."""

    #: Returns the words that its user types, for the manager of this name and this many jobs at once. A worker whose
    #: words do not depend on the name serves all managers.
    command: Callable[[str, int], tuple[str, ...]]
    #: What it prints when it is ready.
    ready: str = ""
    #: A file that does what the first of the words does, but in a fork of a warm process, and that tells the probe
    #: when a task has ended. Without it the words are run as they are.
    launcher: Path | None = None


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
        return next(
            (capability for capability in needed if capability not in self.capabilities), None
        )
