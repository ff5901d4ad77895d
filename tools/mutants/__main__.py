"""Makes variants of both implementations with one fault each, and prints what of them the suite finds.

``python -m tools.mutants`` tries the faults made by hand, one or more for each MUST, and a sample of general ones. For
each mutant those tests run that execute its statement; no other can tell it from the original.
"""

from __future__ import annotations

import argparse
import fnmatch
import hashlib
import math
import random
import sys
import time
from pathlib import Path

import pytest

from tools.mutants import operators, variants
from tools.mutants.known import faults, find, reasons
from tools.mutants.mutant import ROOT, Mutant, modules
from tools.mutants.runner import Result, Runner

#: The runner has imported Hypothesis before pytest could rewrite its assertions, and needs none of them.
IMPORTED = (
    "-W",
    "ignore:Module already imported so cannot be rewritten:pytest.PytestAssertRewriteWarning",
)


def main() -> int:
    """Make, run, print."""
    options = _parser().parse_args()
    chosen = [name for name in modules() if fnmatch.fnmatch(name, options.module)]
    if not chosen:
        sys.exit(f"--module={options.module} matches none of: {', '.join(modules())}")
    mutants = [] if options.general_only else [f for f in faults() if f.module in chosen]
    equivalent: list[Mutant] = []
    if not options.by_hand_only:
        for mutant in _sample(chosen, options.sample, options.seed):
            (equivalent if find(mutant, reasons("equivalent")) else mutants).append(mutant)
    if options.requirement:
        mutants = [mutant for mutant in mutants if mutant.requirement in options.requirement]
    if not mutants:
        sys.exit("no mutant is left to try")
    for mutant in equivalent:
        print(f"equivalent {mutant}: {find(mutant, reasons('equivalent'))}")
    progress = _Progress(len(mutants))
    runner = Runner(mutants, options.nearest, options.seconds, progress, _kept())
    packages = dict.fromkeys(mutant.module.partition("/")[0] for mutant in mutants)
    adapters = [name for package in packages for name in variants.ADAPTERS[package]]
    words = [f"--impl=tools.mutants.variants:{name}" for name in adapters]
    status = pytest.main(
        [
            "conformance",
            *words,
            "--dialect=all",
            "-s",
            "-qq",
            "--no-header",
            "--no-summary",
            *IMPORTED,
        ],
        plugins=[runner],
    )
    variants.remove()
    if len(runner.results) < len(mutants):
        print(f"pytest ended early, with {status}")
        return 2
    return _summary(runner.results, len(equivalent))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.mutants", description=__doc__)
    parser.add_argument("--module", default="*", help="a pattern of paths: impl_dash_style/r*.py")
    parser.add_argument("--sample", type=int, default=0, help="how many general ones; 0: all")
    parser.add_argument("--seed", type=int, default=1, help="of the sample")
    parser.add_argument(
        "--nearest",
        type=int,
        help="how many tests to run beside a requirement's own (default: all)",
    )
    parser.add_argument(
        "--seconds",
        type=float,
        default=math.inf,
        help="after how long no further test of a mutant begins (default: all run)",
    )
    parser.add_argument(
        "--requirement", action="append", help="only the faults made for this one (repeatable)"
    )
    kinds = parser.add_mutually_exclusive_group()
    kinds.add_argument("--by-hand-only", action="store_true")
    kinds.add_argument("--general-only", action="store_true")
    return parser


def _sample(chosen: list[str], size: int, seed: int) -> list[Mutant]:
    """General mutants, from each module in proportion to how many it has."""
    every = [mutant for module in chosen for mutant in operators.mutants(module)]
    if size <= 0 or size >= len(every):
        return every
    generator = random.Random(seed)  # noqa: S311  the same seed chooses the same
    offset = generator.random()
    step = len(every) / size
    numbers = [int((number + offset) * step) for number in range(size)]
    return [every[number] for number in numbers]


def _kept() -> Path:
    """The file with the statements of each test, for these implementations and this suite."""
    digest = hashlib.sha256()
    files = [ROOT / name for name in modules()] + sorted((ROOT / "conformance").glob("*.py"))
    for file in files:
        digest.update(file.read_bytes())
    folder = ROOT / ".pytest_cache"
    folder.mkdir(exist_ok=True)
    return folder / f"mutants-{digest.hexdigest()[:12]}.json"


class _Progress:
    """Prints each result, and how long the rest may take."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._number = 0
        self._begin = time.monotonic()

    def __call__(self, result: Result) -> None:
        self._number += 1
        spent = time.monotonic() - self._begin
        left = spent / self._number * (self._total - self._number) / 60
        end = f"killed by {result.killer}" if result.killer else "SURVIVED"
        own = (
            " (not its own)"
            if result.killer and result.mutant.requirement and not result.is_own
            else ""
        )
        known = find(result.mutant, reasons("survivor")) if not result.killer else ""
        vague = (
            f", {len(result.undecided)} undecided: {result.undecided[0]}"
            if result.undecided
            else ""
        )
        print(
            f"{self._number}/{self._total} {result.mutant}: {end}{own}"
            f"{f' (known: {known})' if known else ''}"
            f" [{result.tests} tests{vague}, {result.seconds:.0f} s; {left:.0f} min left]",
            flush=True,
        )


def _summary(results: list[Result], equivalent: int) -> int:
    for kind in ("by hand", "general"):
        chosen = [r for r in results if bool(r.mutant.requirement) == (kind == "by hand")]
        if not chosen:
            continue
        killed = [result for result in chosen if result.killer]
        print(f"{kind}: {len(killed)} of {len(chosen)} killed ({len(killed) / len(chosen):.0%})")
        if kind == "by hand":
            own = sum(result.is_own for result in killed)
            print(f"  {own} by the tests of their own requirement ({own / len(chosen):.0%})")
        else:
            print(f"  {equivalent} more violate nothing, and were not tried")
        for result in chosen:
            if not result.killer:
                print(f"  survived: {result.mutant}")
    unknown = [r for r in results if not r.killer and not find(r.mutant, reasons("survivor"))]
    return int(bool(unknown))


if __name__ == "__main__":
    sys.exit(main())
