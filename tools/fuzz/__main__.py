"""Sends odd requests to our two servers, beside pages whose users work.

It fails if one is answered with a failure of the server, shows what is another user's, or ends a process; if a page beside
it loses a result; or if processes, descriptors, threads or memory are more in the end. Then it prints the smallest request
that shows it, and leaves it in a file for --replay.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from callback_conformance.backends.services import Services
from callback_conformance.control.violation import Violation
from callback_conformance.session.cell import Selection
from callback_conformance.session.open_page import OpenPage
from callback_conformance.session.warm_processes import WarmProcesses
from tools.fuzz.odd_requests import Edit, Recipe
from tools.fuzz.run import Run

SETUPS = ("dash_style/diskcache", "dash_style/celery+redis", "taipy_style/thread")
SHOWN = 2_000  # bytes of a request
LOG_LINES = 5


def main() -> int:
    """Run on each set-up; 1 if one fails."""
    options = _parser().parse_args()
    print(f"seed {options.seed}, {options.seconds:g} s on each of {', '.join(options.setup)}")
    warm_processes = WarmProcesses(Services())
    try:
        failed = [name for name in options.setup if not _holds(name, warm_processes, options)]
    finally:
        warm_processes.close()
    print(
        f"seed {options.seed}: {'FAILED on ' + ', '.join(failed) if failed else 'nothing failed'}"
    )
    return int(bool(failed))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=_seconds, default=600.0, help="on each (default: 600)")
    parser.add_argument("--seed", type=int, default=1, help="of what is drawn (default: 1)")
    parser.add_argument(
        "--replay", type=_recipes, metavar="FILE", help="send what such a file holds"
    )
    parser.add_argument(
        "--out", type=Path, default="fuzz.json", metavar="FILE", help="of a failure"
    )
    parser.add_argument("setup", nargs="*", default=SETUPS, metavar="IMPLEMENTATION/BACKEND")
    return parser


def _seconds(text: str) -> float:
    if float(text) <= 0:
        raise argparse.ArgumentTypeError(f"{text} is not more than 0")
    return float(text)


def _recipes(name: str) -> Sequence[Recipe]:
    """What stands in a file of a failed run."""
    try:
        listed = json.loads(Path(name).read_text("utf-8"))
        return [Recipe(entry["request"], [Edit(**e) for e in entry["edits"]]) for entry in listed]
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise argparse.ArgumentTypeError(f"{name} is not of a failed run: {error!r}") from error


def _holds(name: str, warm_processes: WarmProcesses, options: argparse.Namespace) -> bool:
    print(name, flush=True)
    implementation, _, backend = name.partition("/")
    [cell] = Selection([implementation], [backend] if backend else []).cells()
    open_page = OpenPage(cell, warm_processes)
    try:
        run = Run(open_page.session, cell.spec.dialect)
        try:
            if options.replay:
                run.send_recipes(options.replay)
            else:
                run.send_drawn(options.seed, options.seconds)
            open_page.check_invariants()
        except Violation as violation:
            print(f"  FAILED: {violation}")
            _tell(run, options.out)
            return False
        finally:
            counts = [f"{count} of {status}" for status, count in sorted(run.statuses.items())]
            print(f"  answers: {', '.join(counts)}; results beside them: {run.visitors.results}")
        return True
    finally:
        open_page.close()


def _tell(run: Run, file: Path) -> None:
    """Print the smallest request, and keep what was sent."""
    if len(run.failing) == 1:
        print(f"  {run.failing[0]}\n  {run.message(run.failing[0])[:SHOWN]!r}")
    for source, lines in run.logs(LOG_LINES):
        print(f"  {source} has printed:\n{lines}")
    file.write_text(json.dumps([asdict(recipe) for recipe in run.failing]), "utf-8")
    print(f"  Send it again: python -m tools.fuzz --replay {file}")


if __name__ == "__main__":
    sys.exit(main())
