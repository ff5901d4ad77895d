"""What a test costs: from nothing to a page that can be clicked, and to its end."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Iterator, Sequence

from callback_conformance import adapters, backends
from callback_conformance.install import command_for
from callback_conformance.processes import EnvironmentNotMade, WarmProcess, suite_environment
from callback_conformance.session.session import AppSession
from callback_conformance.session.warmup import WARM_UP_SCENARIO, WarmUpFailed, warm_up


class CannotMeasure(RuntimeError):
    """An implementation is unknown, or does not run; the message says why."""


def measure(names: Sequence[str], rounds: int) -> Iterator[str]:
    """Open and close the same app ``rounds`` times for each implementation, in turn; yield the table. Raises
    CannotMeasure."""
    warm: dict[str, WarmProcess] = {}
    opened: dict[str, list[float]] = {name: [] for name in names}
    whole: dict[str, list[float]] = {name: [] for name in names}
    try:
        for name in opened:
            warm[name] = _warm(name)
        for _ in range(rounds):
            for name, process in warm.items():
                seconds_to_page, seconds_to_end = _one_round(name, process)
                opened[name].append(seconds_to_page)
                whole[name].append(seconds_to_end)
    finally:
        for process in warm.values():
            process.close()
    yield f"{rounds} rounds, warm; median (90th percentile) in ms"
    yield f"{'':<14}{'nothing to page':>20}{'whole test':>20}"
    for name in warm:
        yield f"{name:<14}{_figures(opened[name]):>20}{_figures(whole[name]):>20}"


def _warm(name: str) -> WarmProcess:
    try:
        adapter = adapters.find(name)
        suite_environment(adapter.distributions, command_for(adapter.distributions))
        backend = backends.find(adapter.backends[0])
        return warm_up(adapter, sys.executable, adapter.dialects[0], backend)
    except (adapters.UnknownImplementation, EnvironmentNotMade, WarmUpFailed) as error:
        raise CannotMeasure(str(error)) from error


def _one_round(name: str, process: WarmProcess) -> tuple[float, float]:
    """Open an app and run its job; the seconds until its page was there, and until all was over."""
    adapter = adapters.find(name)
    backend = backends.find(adapter.backends[0])
    start = time.perf_counter()
    session = AppSession(adapter, adapter.dialects[0], backend, "wire", process)
    page = session.open(WARM_UP_SCENARIO)
    to_page = time.perf_counter() - start
    page.click("run")
    page.next_job().release("gate")
    page.expect_value("out.children", "done")
    session.close()
    return to_page, time.perf_counter() - start


def _figures(seconds: Sequence[float]) -> str:
    ninth = statistics.quantiles(seconds, n=10)[-1]
    return f"{statistics.median(seconds) * 1000:.0f} ({ninth * 1000:.0f})"
