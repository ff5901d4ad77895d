"""What a test costs: from nothing to a page that can be clicked, for our Dash-style app and for Dash.

``python -m callback_conformance.bench`` prints medians in milliseconds. The two are measured in turn, so that a noisy
machine is equally noisy for both; judge by their ratio.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time

from callback_conformance import backends
from callback_conformance.adapters import Adapter, find
from callback_conformance.processes import WarmProcess
from callback_conformance.session.session import Trial
from callback_conformance.session.warmup import REHEARSED, rehearsed


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--impl", action="append", help="default: dash_style and dash")
    parser.add_argument("--rounds", type=int, default=40)
    given = parser.parse_args()
    names = given.impl or ["dash_style", "dash"]
    implementations = {name: find(name) for name in names}
    warm = {name: _warm(implementations[name]) for name in names}
    opened: dict[str, list[float]] = {name: [] for name in names}
    whole: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(given.rounds):
        for name in names:
            one = implementations[name]
            start = time.perf_counter()
            trial = Trial(one, one.dialects[0], backends.find(one.backends[0]), "wire", warm[name])
            page = trial.open(REHEARSED)
            opened[name].append(time.perf_counter() - start)
            page.click("run")
            page.next_job().release("gate")
            page.shows("out.children", "rehearsed")
            trial.close()
            whole[name].append(time.perf_counter() - start)
    print(f"{given.rounds} rounds, warm; median (90th percentile) in ms")
    print(f"{'':<14}{'nothing to page':>20}{'whole test':>20}")
    for name in names:
        print(f"{name:<14}{_figures(opened[name]):>20}{_figures(whole[name]):>20}")
    for process in warm.values():
        process.close()


def _warm(one: Adapter) -> WarmProcess:
    return rehearsed(one, sys.executable, one.dialects[0], backends.find(one.backends[0]))


def _figures(seconds: list[float]) -> str:
    ninth = statistics.quantiles(seconds, n=10)[-1]
    return f"{statistics.median(seconds) * 1000:.0f} ({ninth * 1000:.0f})"


if __name__ == "__main__":
    main()
