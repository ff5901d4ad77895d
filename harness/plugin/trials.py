"""The fixture behind ``open_page``: one trial for each test, one warm process for each environment."""

from __future__ import annotations

from harness import invariants
from harness.pages import Page
from harness.plugin.cells import Cell
from harness.processes import WarmProcess
from harness.rehearsal import rehearsed
from harness.scenario import Callback, Component, Gunicorn, Manager, scenario
from harness.trial import Trial


class WarmProcesses:
    """The warm processes of a test run, started when first needed: a backend has imports of its own."""

    def __init__(self) -> None:
        self._started: dict[tuple[str, str, str], WarmProcess] = {}

    def of(self, cell: Cell) -> WarmProcess:
        """The warm process for a cell's implementation in its environment."""
        key = (cell.implementation.name, cell.environment.python, cell.backend)
        if key not in self._started:
            self._started[key] = rehearsed(
                cell.implementation, cell.environment.python, cell.backend
            )
        return self._started[key]

    def close(self) -> None:
        """End them all, and every app that is left."""
        for warm in self._started.values():
            warm.close()
        self._started.clear()


class OpenPage:
    """Call it with a scenario's parts to get the page of its first user."""

    def __init__(self, cell: Cell, warm: WarmProcesses) -> None:
        self.trial = Trial(
            cell.implementation, cell.dialect, cell.backend, cell.driver, warm.of(cell)
        )

    def __call__(
        self,
        *parts: Component | Callback,
        managers: tuple[Manager, ...] = (Manager("manager"),),
        manager: str | None = None,
        server: Gunicorn | None = None,
        forget_after_seconds: int | None = None,
    ) -> Page:
        made = scenario(
            *parts,
            managers=managers,
            manager=manager,
            server=server,
            forget_after_seconds=forget_after_seconds,
        )
        return self.trial.open(made)

    def check_invariants(self) -> None:
        """Raise Violation when the timeline shows what no test may ever show."""
        invariants.check(self.trial)

    def close(self) -> None:
        """Leave nothing behind."""
        self.trial.close()
