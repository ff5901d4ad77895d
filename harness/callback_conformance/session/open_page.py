"""What tests open pages with."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from callback_conformance.control.violation import Violation
from callback_conformance.page import Page
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
from callback_conformance.session.cell import Cell
from callback_conformance.session.session import AppSession
from callback_conformance.session.warm_processes import WarmProcesses


class OpenPage:
    """Call it with a scenario's parts to get the page of its first user."""

    def __init__(self, cell: Cell, warm_processes: WarmProcesses) -> None:
        self._cell = cell
        self._warm = warm_processes.of(cell)
        self._services = warm_processes.services
        self.session = self.new_session()

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
        debug: bool = False,
        workers: Workers = DEFAULT_WORKERS,
        own_services: bool = False,
    ) -> Page:
        parts_and_settings = scenario(
            *parts,
            managers=managers,
            manager=manager,
            server=server,
            forget_after_seconds=forget_after_seconds,
            files=files,
            validation_layout=validation_layout,
            suppress_callback_exceptions=suppress_callback_exceptions,
            debug=debug,
            workers=workers,
        )
        return self.session.open(parts_and_settings, login, own_services)

    def expect_error(self, *parts: Component | Callback, **settings: Any) -> str:
        """Start a program that holds a mistake, and that is rejected with an error. Returns the error's text.

        Give each such test a duplicate of the program without the mistake, and run a job of it: an implementation
        that rejects all programs rejects this one too.
        """
        return self.session.declaration_error(scenario(*parts, **settings))

    def rejection(self, *parts: Component | Callback, **settings: Any) -> str | None:
        """The error with which a program is rejected; None if it is accepted."""
        try:
            return self.session.declaration_error(scenario(*parts, **settings))
        except Violation:
            return None

    def begin_anew(self) -> None:
        """Leave what was opened behind, as at the end of a test."""
        self.check_invariants()
        self.close()
        self.session = self.new_session()

    def new_session(self) -> AppSession:
        """A session beside the test's own; whoever asks for it closes it."""
        cell = self._cell
        dialect, driver = cell.spec.dialect, cell.spec.driver
        return AppSession(cell.adapter, dialect, cell.backend, driver, self._warm, self._services)

    def check_invariants(self) -> None:
        """Raise Violation when the timeline shows what no test may ever show."""
        invariants.check(self.session)

    def close(self) -> None:
        """Leave nothing behind."""
        self.session.close()
