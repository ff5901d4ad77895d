"""Runs the whole suite again and again, in random order and in all dialects, and says whether every verdict
stays the same.

``python -m tools.steady --runs 20 --busy 10`` runs it 20 times, 10 of them with every core kept busy by
something else. It exits with 1 when any requirement's verdict, or any test's outcome, differs.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

IMPLEMENTATIONS = ("dash_style", "taipy_style", "dash", "taipy")


def main() -> int:
    """Run, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--busy", type=int, default=10)
    parser.add_argument("--impl", action="append", help=f"default: {', '.join(IMPLEMENTATIONS)}")
    parser.add_argument("words", nargs="*", help="handed to pytest, after --")
    parser.add_argument("--workers", default="2", help="pytest -n")
    given = parser.parse_args()
    implementations = given.impl or list(IMPLEMENTATIONS)
    first: dict[str, str] = {}
    differences = 0
    for run in range(1, given.runs + 1):
        busy = run % 2 == 0 and run // 2 <= given.busy
        started = time.monotonic()
        with _busy_cores() if busy else contextlib.nullcontext():
            status, outcomes = _run(implementations, given.workers, run, given.words)
        first = first or outcomes
        changed = [
            name for name in first.keys() | outcomes.keys() if first.get(name) != outcomes.get(name)
        ]
        differences += len(changed) + (status != 0)
        seconds = time.monotonic() - started
        load = "busy" if busy else "idle"
        print(
            f"run {run:>2} ({load}, seed {run}): exit {status}, {len(outcomes)} outcomes, ", end=""
        )
        print(f"{len(changed)} differ, {seconds:.0f} s", flush=True)
        for name in sorted(changed):
            print(f"  {name}: {first.get(name)} at first, now {outcomes.get(name)}", flush=True)
    print("steady" if not differences else f"NOT STEADY: {differences} differences")
    return int(bool(differences))


def _run(
    implementations: list[str], workers: str, seed: int, words: list[str]
) -> tuple[int, dict[str, str]]:
    """One whole run: its exit status, and the outcome of each test and verdict of each requirement."""
    with tempfile.TemporaryDirectory(prefix="steady-") as folder:
        order = ["--random-order", f"--random-order-seed={seed}", "-n", workers]
        chosen = [f"--impl={name}" for name in implementations]
        command = [sys.executable, "-m", "pytest", "conformance", "-q", "--dialect=all"]
        done = subprocess.run(
            [*command, f"--report={folder}", *chosen, *order, *words],
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        report = Path(folder) / "report.json"
        if not report.exists():
            print(done.stdout[-2000:])
            return done.returncode, {}
        if done.returncode:
            print(done.stdout[-6000:])
        return done.returncode, _outcomes(json.loads(report.read_text(encoding="utf-8")))


def _outcomes(report: dict) -> dict[str, str]:  # type: ignore[type-arg]
    outcomes = {}
    for cell in report["cells"]:
        name = f"{cell['asked']} {cell['dialect']}"
        for id, found in cell["requirements"].items():
            outcomes[f"{name} {id}"] = found["verdict"]
            for test in found["tests"]:
                outcomes[f"{name} {id} {test['name']}"] = test["outcome"]
    return outcomes


@contextlib.contextmanager
def _busy_cores() -> Iterator[None]:
    spinning = [
        subprocess.Popen([sys.executable, "-c", "while True: pass"])
        for _ in range(os.cpu_count() or 1)
    ]
    try:
        yield
    finally:
        for process in spinning:
            process.kill()
            process.wait()


if __name__ == "__main__":
    sys.exit(main())
