"""``python -m callback_conformance.report FOLDER``: the pages of a run or of a matrix."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from callback_conformance.report import build
from callback_conformance.report.matrix import NoRuns


def main(arguments: Sequence[str]) -> int:
    """Build the pages and say where they are; 2 when there is nothing to report."""
    parser = argparse.ArgumentParser(
        prog="python -m callback_conformance.report", description=__doc__
    )
    parser.add_argument("folder", type=Path, help="the DIR of --report=DIR, or a matrix's folder")
    parser.add_argument(
        "--link", default="", help="where the pages will be published (for matrix.md)"
    )
    asked = parser.parse_args(arguments)
    try:
        print(build(asked.folder, asked.link))
    except NoRuns as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
