"""The fixtures: one session for each test, one warm process for each environment."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

import pytest

from callback_conformance.backends.services import Services
from callback_conformance.control.violation import Violation
from callback_conformance.page import Page
from callback_conformance.plugin.cells import Cell
from callback_conformance.plugin.markers import Observe
from callback_conformance.processes import WarmProcess
from callback_conformance.scenario import (
    DEFAULT_WORKERS,
    Callback,
    Component,
    Gunicorn,
    Manager,
    Workers,
    scenario,
)
from callback_conformance.session import invariants
from callback_conformance.session.session import AppSession
from callback_conformance.session.warmup import WarmUpFailed, warm_up


class WarmProcesses:
    """The warm processes of a test run, started when first needed: a dialect and a backend have
    imports of their own."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self._started: dict[tuple[str, str, str, str], WarmProcess] = {}

    def of(self, cell: Cell) -> WarmProcess:
        """The warm process for a cell's implementation in its environment."""
        key = (cell.implementation.name, cell.environment.python, cell.dialect, cell.backend.name)
        if key not in self._started:
            self._started[key] = warm_up(
                cell.implementation,
                cell.environment.python,
                cell.dialect,
                cell.backend,
                self.services,
                cell.implementation.imported_late(cell.version),
            )
        return self._started[key]

    def close(self) -> None:
        """End them all, every app that is left, and the services."""
        for warm in self._started.values():
            warm.close()
        self._started.clear()
        self.services.close()


class OpenPage:
    """Call it with a scenario's parts to get the page of its first user."""

    def __init__(self, cell: Cell, warm: WarmProcesses) -> None:
        self._cell = cell
        self._warm = warm.of(cell)
        self._services = warm.services
        self.session = self._new_session()

    def __call__(
        self,
        *parts: Component | Callback,
        managers: tuple[Manager, ...] = (Manager("manager"),),
        manager: str | None = None,
        server: Gunicorn | None = None,
        forget_after_seconds: int | None = None,
        files: Mapping[str, str] = MappingProxyType({}),
        login: str = "",
        validation_layout: bool = False,
        suppress_callback_exceptions: bool = False,
        workers: Workers = DEFAULT_WORKERS,
        own_services: bool = False,
    ) -> Page:
        made = scenario(
            *parts,
            managers=managers,
            manager=manager,
            server=server,
            forget_after_seconds=forget_after_seconds,
            files=files,
            validation_layout=validation_layout,
            suppress_callback_exceptions=suppress_callback_exceptions,
            workers=workers,
        )
        return self.session.open(made, login, own_services)

    def expect_error(
        self,
        *parts: Component | Callback,
        names: str | tuple[str, ...] = (),
        **more: Any,
    ) -> str:
        """Start a program that holds a mistake: it is refused when it is declared, with an error that
        ``names`` what is wrong, in whatever case. Returns the words of the error.

        Give each such test a twin of the program that is right, and a job of it: an implementation that
        refuses all programs refuses this one too.
        """
        words = self.session.declaration_error(scenario(*parts, **more))
        for name in (names,) if isinstance(names, str) else names:
            if _plain(name) not in _plain(words):
                raise Violation(f"the error says {words!r}; expected that it names {name!r}")
        return words

    def begin_anew(self) -> None:
        """Leave what was opened behind, as at the end of a test."""
        self.check_invariants()
        self.close()
        self.session = self._new_session()

    def _new_session(self) -> AppSession:
        one = self._cell
        return AppSession(
            one.implementation, one.dialect, one.backend, one.driver, self._warm, self._services
        )

    def check_invariants(self) -> None:
        """Raise Violation when the timeline shows what no test may ever show."""
        invariants.check(self.session)

    def close(self) -> None:
        """Leave nothing behind."""
        self.session.close()


def _plain(words: str) -> str:
    """Words in whatever case, and however their parts are joined."""
    return re.sub(r"[\s_-]+", "_", words.lower())


WARM = pytest.StashKey[WarmProcesses]()
OPEN_PAGE = pytest.StashKey[OpenPage]()
SEEN = pytest.StashKey[str]()


@pytest.fixture
def cell(request: pytest.FixtureRequest) -> Cell:
    """What the test runs against."""
    found: Cell = request.param
    return found


@pytest.fixture
def open_page(cell: Cell, request: pytest.FixtureRequest) -> Iterator[OpenPage]:
    """Opens a page of a scenario's native app: ``open_page(Button("run"), …, background(…))``."""
    broken = ""
    try:
        opened = OpenPage(cell, request.config.stash[WARM])
    except WarmUpFailed as error:
        broken = str(error)
    if broken:
        request.session.shouldstop = broken.splitlines()[0]  # each further test would say the same
        pytest.fail(broken, pytrace=False)
    request.node.stash[OPEN_PAGE] = opened
    yield opened
    opened.close()


@pytest.fixture
def observe(request: pytest.FixtureRequest) -> Observe:
    """Takes what an observation has seen, in a few words."""

    def seen(what: str) -> None:
        request.node.stash[SEEN] = what

    return seen
