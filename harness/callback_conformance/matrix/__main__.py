"""``python -m callback_conformance.matrix run | compare | verify``."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path

from callback_conformance.matrix import commands
from callback_conformance.matrix.plan import BadMatrix
from callback_conformance.matrix.record import NoMatrix
from callback_conformance.places import ROOT, SUITE

BAD_USAGE = 2
INTERRUPTED = 130

STATUS = """\
exit status: 0 nothing is worse, and each cell is as conformance/expected records it; 1 something regressed;
2 the command or the file of the matrix is wrong; 3 nothing regressed, but a cell has no verdicts or is not as
recorded; 130 interrupted."""


def main(arguments: Sequence[str]) -> int:
    """Do what is asked; the exit status."""
    # By hand: argparse gives an optional positional nothing when it stands behind one that is not.
    mine = list(takewhile(lambda word: word != "--", arguments))
    asked = _parser().parse_args(mine)
    asked.words = arguments[len(mine) + 1 :]
    try:
        status: int = asked.do(asked)
    except (BadMatrix, NoMatrix) as error:
        print(error, file=sys.stderr)
        return BAD_USAGE
    except KeyboardInterrupt:
        print("interrupted: what has ended is kept; run it again to go on", file=sys.stderr)
        return INTERRUPTED
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m callback_conformance.matrix", description=__doc__
    )
    several = parser.add_subparsers(required=True, metavar="run | compare | verify")
    _run(several.add_parser("run", help="run the cells that have no result yet", epilog=STATUS))
    _compare(
        several.add_parser("compare", help="what changed between two matrices, or two releases")
    )
    _verify(several.add_parser("verify", help="run cells of a matrix again: the same verdicts?"))
    return parser


def _run(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(do=commands.run)
    _common(parser)
    parser.add_argument("--out", type=Path, default=Path("matrix"), metavar="FOLDER")
    parser.add_argument("--again", action="store_true", help="also cells whose result still holds")
    parser.add_argument("--list", action="store_true", help="name the cells and run none")


def _compare(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(do=commands.compare)
    parser.add_argument("old", type=Path, help="the folder of a run")
    parser.add_argument("new", type=Path, nargs="?", help="another, or none with --releases")
    parser.add_argument(
        "--releases", nargs=2, metavar=("OLD", "NEW"), help="such as dash@2.18.2 dash@3.0.4"
    )


def _verify(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(do=commands.verify)
    parser.add_argument("folder", type=Path, help="the folder of a run")
    parser.add_argument("--sample", type=int, metavar="N", help="only N cells, drawn by --seed")
    parser.add_argument("--seed", type=int, default=int(time.time()), metavar="N")
    _common(parser)


def _common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--only", nargs="+", action="extend", default=[], metavar="WORD",
        help="only cells of which each word matches a part: 'dash@3.*' celery",
    )  # fmt: skip
    parser.add_argument("--jobs", type=int, metavar="N", help="so many cells at once")
    parser.add_argument("--matrix", type=Path, default=ROOT / "ci" / "matrix.toml", metavar="FILE")
    parser.add_argument("--suite", type=Path, default=SUITE, metavar="FOLDER")
    parser.epilog = f"{parser.epilog or ''} Words after -- are handed to pytest."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
