"""What the harness needs to know of an implementation: the plug that anyone can fill."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from callback_conformance.control.controller import JobController
from callback_conformance.control.timeline import Timeline
from callback_conformance.page import Tab
from callback_conformance.processes import Environment, Launch, made_for
from callback_conformance.scenario import Scenario


class Render(Protocol):
    """Turns a scenario into the source of a native app."""

    def __call__(self, scenario: Scenario, dialect: str, backend: str) -> str: ...


class Open(Protocol):
    """Opens a page of an app: ``url``, where to record, whose jobs, the page's name, and whether the
    same user was here before (``earlier``)."""

    def __call__(
        self,
        url: str,
        timeline: Timeline,
        controller: JobController,
        name: str,
        earlier: Tab | None,
    ) -> Tab: ...


@dataclass(frozen=True)
class Implementation:
    """One implementation under test.

    ``dialects`` and ``backends`` name what any version of it has, its default first, and ``offers`` what
    one version has: the backends of each dialect (None: all of them, always); ``drivers`` are the kinds
    of page that can open it, ``wire`` first; ``distributions`` are what must be installed, the
    implementation itself first; ``requirements`` are what pip is given for a version of it, and
    ``python`` the interpreter for that version; ``cold`` are its packages that
    each app must import by itself, because they read the environment when imported; ``render`` and ``launch`` make and start its native apps.
    """

    name: str
    dialects: tuple[str, ...]
    backends: tuple[str, ...]
    drivers: Mapping[str, Open]
    distributions: tuple[str, ...]
    render: Render
    launch: Callable[[Scenario, str], Launch]
    requirements: Callable[[str], tuple[str, ...]] | None = None
    python: Callable[[str], str] = field(default=lambda version: "3.12")
    cold: Callable[[str], tuple[str, ...]] = field(default=lambda version: ())
    offers: Callable[[str], Mapping[str, tuple[str, ...]]] | None = None
    foreign: tuple[str, ...] = ()  # the dialects whose programs take anyone's manager
    released: bool = True  # a release has known failures under expected/; what is ours never has

    def environment(self, version: str, more: Sequence[str] = ()) -> Environment:
        """The environment of one version, made on first use, with what ``more`` pip is given for it. Raises
        EnvironmentNotMade."""
        assert self.requirements, f"{self.name} has no versions to choose from"
        needed = (*self.requirements(version), *more)
        return made_for(needed, self.python(version), self.distributions)

    def offered(self, version: str) -> Mapping[str, tuple[str, ...]]:
        """The dialects of one version, each with its backends; the default first."""
        return self.offers(version) if self.offers else dict.fromkeys(self.dialects, self.backends)
