"""What a third party writes to have an implementation judged."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from callback_conformance.adapters.feature import Feature
from callback_conformance.control.controller import JobController
from callback_conformance.control.timeline import Timeline
from callback_conformance.page import Tab
from callback_conformance.processes import Environment, Launch, environment_for
from callback_conformance.scenario import Scenario


class Render(Protocol):
    """Turns a scenario into the source of a native app."""

    def __call__(self, scenario: Scenario, dialect: str, backend: str) -> str: ...


class Open(Protocol):
    """Opens a page of an app: its ``url``, where to record, who controls its jobs, the page's name, and the
    tab that the same user had before (``earlier``)."""

    def __call__(
        self,
        url: str,
        timeline: Timeline,
        controller: JobController,
        name: str,
        earlier: Tab | None,
    ) -> Tab: ...


class NoResult(Exception):
    """A bare page's run has ended without a result; the message says how."""


class BarePage(Protocol):
    """A page that only sends what a measurement needs: a run is started, and polled for its result."""

    def trigger(self, button: str, output: str, value: int) -> None:
        """Click for the ``value``-th time, and start the job for ``output``. Raises NoResult."""

    def poll(self) -> object:
        """The result, or None while the job runs. Raises NoResult."""

    def close(self) -> None:
        """Close it."""


@dataclass(frozen=True)
class Adapter:
    """How the harness renders, starts and opens the apps of one implementation."""

    #: What ``--impl`` and reports call the implementation.
    name: str
    #: The dialects that any version of it speaks, its default first.
    dialects: tuple[str, ...]
    #: The backends that any version of it has, its default first.
    backends: tuple[str, ...]
    #: How a page is opened, for each kind of page; ``wire`` first.
    drivers: Mapping[str, Open]
    #: What must be installed, the implementation itself first.
    distributions: tuple[str, ...]
    #: Writes a native app.
    render: Render
    #: How a user starts the native app of a scenario on a backend.
    launch: Callable[[Scenario, str], Launch]
    #: What pip installs for a version; None: only the installed version can be judged.
    requirements: Callable[[str], tuple[str, ...]] | None = None
    #: The Python for a version.
    python: Callable[[str], str] = field(default=lambda version: "3.12")
    #: The packages of a version that each app imports by itself, because they read the environment when
    #: imported: the warm process must not have imported them.
    imported_late: Callable[[str], tuple[str, ...]] = field(default=lambda version: ())
    #: The dialects of a version, each with its backends; None: all of them, always.
    offers: Callable[[str], Mapping[str, tuple[str, ...]]] | None = None
    #: The dialects of its own, each with the dialect of SPEC.md whose requirements bind it. ``render`` raises BadScenario
    #: for what such a dialect has no form for: then the test does not apply, for the reason that the error gives.
    bound_as: Mapping[str, str] = field(default_factory=dict)
    #: What a version does not offer at all, each with a program that prints "absent" if that is so: tests that need
    #: it do not apply to the version. The suite runs the programs.
    absent: Callable[[str], Mapping[Feature, str]] = field(default=lambda version: {})
    #: The dialects whose programs can take a third party's manager.
    third_party_dialects: tuple[str, ...] = ()
    #: Opens a page of an app that serves at a URL, for measurements; None: pages cannot poll.
    bare_page: Callable[[str], BarePage] | None = None
    #: The release that it wraps, one of its ``distributions``, if its known failures are that release's.
    wraps: str = ""
    #: True for a release, which may have known failures under ``expected/``; ours never has.
    released: bool = True

    def environment(self, version: str, more: Sequence[str] = ()) -> Environment:
        """The environment of a version, made on first use; pip installs ``more`` into it too.

        Raises EnvironmentNotMade.
        """
        assert self.requirements, f"{self.name} has no versions to choose from"
        needed = (*self.requirements(version), *more)
        return environment_for(needed, self.python(version), self.distributions)

    def offered(self, version: str) -> Mapping[str, tuple[str, ...]]:
        """The dialects of a version, each with its backends; the default first."""
        return self.offers(version) if self.offers else dict.fromkeys(self.dialects, self.backends)
