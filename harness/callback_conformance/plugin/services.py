"""The services of a run: who starts them, and what a reader is told of them."""

from __future__ import annotations

import sys
from collections.abc import Collection
from typing import Any

import pytest

from callback_conformance.backends.services import ServiceFailed, ServiceMissing, Services

SERVICES = pytest.StashKey[Services]()
SHARED = "conformance_rabbitmq"


def configure(config: pytest.Config, needed: Collection[str]) -> None:
    """Make ready what the run's backends need; what cannot be had is told before any test."""
    config.pluginmanager.register(sys.modules[__name__], "conformance-services")
    names = config.getoption("--redis-url"), config.getoption("--rabbitmq-url")
    worker: dict[str, Any] | None = getattr(config, "workerinput", None)
    if worker is not None:
        number = int(worker["workerid"].removeprefix("gw"))
        config.stash[SERVICES] = Services(*names, number, worker.get(SHARED, ""))
        return
    services = config.stash[SERVICES] = Services(*names)
    if config.option.collectonly:
        return
    try:
        services.make_ready(needed, workers=len(getattr(config.option, "tx", None) or "1"))
    except (ServiceMissing, ServiceFailed) as error:
        raise pytest.UsageError(str(error)) from error


def header(config: pytest.Config) -> list[str]:
    """One line for each service that the run uses."""
    return [f"service: {origin}" for origin in config.stash[SERVICES].origins]


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """A worker of pytest-xdist is told what the controller has started for all of them."""
    node.workerinput[SHARED] = node.config.stash[SERVICES].shared


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing behind."""
    if SERVICES in config.stash:
        config.stash[SERVICES].close()
