"""The services of a run: who starts them, and what a reader sees of them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol, cast

import pytest

from callback_conformance.backends.services import ServiceFailed, ServiceMissing, Services

SHARED = "conformance_rabbitmq"


class WorkerNode(Protocol):
    """A worker of pytest-xdist, as its controller sees it."""

    config: pytest.Config
    workerinput: dict[str, object]
    workeroutput: dict[str, object]


class ServicesPlugin:
    """Holds the services of a run."""

    def __init__(self, config: pytest.Config) -> None:
        addresses = config.getoption("--redis-url"), config.getoption("--rabbitmq-url")
        worker = cast("dict[str, str] | None", getattr(config, "workerinput", None))
        self._config = config
        self._is_worker = worker is not None
        self.services = (
            Services(*addresses)
            if worker is None
            else Services(
                *addresses, int(worker["workerid"].removeprefix("gw")), worker.get(SHARED, "")
            )
        )

    def make_ready(self, needed: Collection[str]) -> None:
        """Start or find the services that the run's backends need. A service that is missing ends the run before
        any test."""
        option = self._config.option
        if self._is_worker or option.collectonly:
            return
        try:
            self.services.make_ready(needed, workers=len(getattr(option, "tx", None) or "1"))
        except (ServiceMissing, ServiceFailed) as error:
            raise pytest.UsageError(str(error)) from error

    @pytest.hookimpl(trylast=True)
    def pytest_report_header(self) -> list[str]:
        """One line for each service that the run uses."""
        return [f"service: {origin}" for origin in self.services.origins]

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: WorkerNode) -> None:
        """Pass on to a worker of pytest-xdist what the controller has started for all of them."""
        node.workerinput[SHARED] = self.services.shared

    def pytest_unconfigure(self) -> None:
        """Leave nothing behind."""
        self.services.close()
