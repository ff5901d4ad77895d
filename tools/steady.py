"""Runs the whole suite again and again, in random order and in all dialects: does every verdict stay the same?

``python -m tools.steady --runs 20 --busy 10`` runs it 20 times, 10 of them while every core is kept busy by something
else. It exits with 1 when a requirement's verdict, or a test's outcome, differs between two runs.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from callback_conformance.results.report_file import RunReport, read_run_report

IMPLEMENTATIONS = ("dash_style", "taipy_style", "dash", "taipy")


def main() -> int:
    """Run, compare, print."""
    options = _parser().parse_args()
    first: dict[str, str] = {}
    differences = 0
    for number in range(1, options.runs + 1):
        busy = number % 2 == 0 and number // 2 <= options.busy
        begin = time.monotonic()
        with _busy_cores() if busy else contextlib.nullcontext():
            status, outcomes = _run(
                options.impl or IMPLEMENTATIONS, options.workers, number, options.words
            )
        first = first or outcomes
        changed = [
            name for name in first.keys() | outcomes.keys() if first.get(name) != outcomes.get(name)
        ]
        differences += len(changed) + (status != 0)
        print(
            f"run {number:>2} ({'busy' if busy else 'idle'}, seed {number}): exit {status}, "
            f"{len(outcomes)} outcomes, {len(changed)} differ, {time.monotonic() - begin:.0f} s",
            flush=True,
        )
        for name in sorted(changed):
            print(f"  {name}: {first.get(name)} at first, now {outcomes.get(name)}", flush=True)
    print(f"NOT STEADY: {differences} differences" if differences else "steady")
    return int(bool(differences))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.steady", description=__doc__)
    parser.add_argument("--runs", type=_whole_number(1), default=20)
    parser.add_argument("--busy", type=_whole_number(0), default=10)
    parser.add_argument("--impl", action="append", help=f"default: {', '.join(IMPLEMENTATIONS)}")
    parser.add_argument("--workers", default="2", help="pytest -n")
    parser.add_argument("words", nargs="*", help="further words for pytest, after --")
    return parser


def _whole_number(lowest: int) -> Callable[[str], int]:
    """What reads a whole number from ``lowest`` on."""

    def number(text: str) -> int:
        if int(text) < lowest:
            raise argparse.ArgumentTypeError(f"{text} is less than {lowest}")
        return int(text)

    return number


def _run(
    implementations: Sequence[str], workers: str, seed: int, words: Sequence[str]
) -> tuple[int, dict[str, str]]:
    """One whole run: its exit status, the outcome of each test, and the verdict of each requirement."""
    with tempfile.TemporaryDirectory(prefix="steady-") as folder:
        command = [sys.executable, "-m", "pytest", "conformance", "-q", "--dialect=all"]
        command += [f"--report={folder}", *(f"--impl={name}" for name in implementations)]
        command += ["--random-order", f"--random-order-seed={seed}", "-n", workers, *words]
        run = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
        report = Path(folder) / "report.json"
        if run.returncode or not report.exists():
            print(run.stdout[-6000:])
        if not report.exists():
            return run.returncode, {}
        return run.returncode, _outcomes(read_run_report(report))


def _outcomes(report: RunReport) -> dict[str, str]:
    outcomes: dict[str, str] = {}
    for cell in report.cells:
        name = f"{cell.cell.release} {cell.cell.dialect}"
        for id, requirement in cell.requirements.items():
            outcomes[f"{name} {id}"] = requirement.verdict
            for case in requirement.tests:
                outcomes[f"{name} {id} {case.name}"] = case.outcome
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
