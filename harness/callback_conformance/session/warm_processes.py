"""The warm processes of a test run, one for each environment."""

from __future__ import annotations

from callback_conformance.backends.services import Services
from callback_conformance.processes import WarmProcess
from callback_conformance.session.cell import Cell
from callback_conformance.session.warmup import warm_up


class WarmProcesses:
    """Started when first needed. A dialect and a backend have imports of their own, and so a process."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self._started: dict[tuple[str, str, str, str], WarmProcess] = {}

    def of(self, cell: Cell) -> WarmProcess:
        """The warm process for a cell. Raises WarmUpFailed."""
        adapter, python = cell.adapter, cell.environment.python
        key = (adapter.name, python, cell.spec.dialect, cell.backend.name)
        if key not in self._started:
            self._started[key] = warm_up(
                adapter,
                python,
                cell.spec.dialect,
                cell.backend,
                self.services,
                adapter.imported_late(cell.identity.version),
            )
        return self._started[key]

    def close(self) -> None:
        """End them all, every app that is left, and the services."""
        for warm in self._started.values():
            warm.close()
        self._started.clear()
        self.services.close()
