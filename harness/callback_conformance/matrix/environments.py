"""The environments of the releases: each made once, in a process that can be given up."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from callback_conformance.matrix.processes import Processes


@dataclass(frozen=True)
class PreparedEnvironment:
    """An environment, or the ``reason`` why there is none."""

    #: What it took to make or find it.
    seconds: float
    reason: str = ""
    #: All distributions in it, with versions.
    installed: Mapping[str, str] = field(default_factory=dict)
    #: The variables of the process environment with which pytest uses it.
    variables: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_made(self) -> bool:
        """True when there is one."""
        return not self.reason


class Environments:
    """Makes them, from any thread."""

    def __init__(
        self,
        processes: Processes,
        limit_seconds: float,
        pinned: Mapping[str, Mapping[str, str]],
        releases: Iterable[str],
    ) -> None:
        self._processes = processes
        self._limit = limit_seconds
        #: The versions that the environments of some releases must hold.
        self._pinned = pinned
        self._prepared: dict[str, PreparedEnvironment] = {}
        self._locks = {release: threading.Lock() for release in releases}

    def of(self, release: str, folder: Path) -> PreparedEnvironment:
        """The environment of a release; what is printed meanwhile goes to a file in ``folder``."""
        with self._locks[release]:
            if release not in self._prepared:
                self._prepared[release] = self._as_pinned(release, folder)
        return self._prepared[release]

    def _as_pinned(self, release: str, folder: Path) -> PreparedEnvironment:
        environment = self._make(release, folder, {})
        pinned = self._pinned.get(release, environment.installed)
        if environment.installed == pinned or "@" not in release:
            return environment
        constraints = folder.parent / f"{release}.txt"
        lines = (f"{name}=={version}\n" for name, version in pinned.items())
        constraints.write_text("".join(lines))
        environment = self._make(release, folder, {"UV_CONSTRAINT": str(constraints)})
        if environment.is_made and environment.installed != pinned:
            differing = sorted({*environment.installed.items()} ^ {*pinned.items()})
            reason = f"pip does not install the recorded versions: {differing}"
            return PreparedEnvironment(environment.seconds, reason)
        return environment

    def _make(
        self, release: str, folder: Path, variables: Mapping[str, str]
    ) -> PreparedEnvironment:
        output = folder / "environment.txt"
        words = [sys.executable, "-m", "callback_conformance.matrix.prepare", release]
        ended = self._processes.run(words, output, self._limit, variables)
        printed = output.read_text(encoding="utf-8", errors="replace").strip()
        output.unlink()
        if ended.timed_out:
            return PreparedEnvironment(ended.seconds, f"not installed within {self._limit} s")
        if ended.status:
            reason = printed or f"pip ended with status {ended.status}"
            return PreparedEnvironment(ended.seconds, reason)
        installed = json.loads(printed)
        return PreparedEnvironment(ended.seconds, installed=installed, variables=variables)
