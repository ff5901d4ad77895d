"""Renews run.svg, the picture in README.md, from a real run: ``make picture``.

It shows what pytest printed, but for the middle of long lists, which it counts, and for the folder on this machine.
"""

from __future__ import annotations

import io
import itertools
import subprocess
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).parents[1]
WORDS = ("pytest", "conformance", "--impl=dash", "-n", "2")
COLUMNS = 132
SHOWN = 10  # lines of a list


def main() -> None:
    """Run, shorten, draw."""
    command = [str(ROOT / ".venv/bin" / WORDS[0]), *WORDS[1:], "--color=yes"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    console = Console(record=True, width=COLUMNS, file=io.StringIO())
    console.print(Text(f"$ {' '.join(WORDS)}"))
    lines = [line for line in done.stdout.splitlines() if not line.startswith("rootdir:")]
    for line in _shortened(lines):
        console.print(Text.from_ansi(line), overflow="ellipsis", no_wrap=True)
    console.save_svg(str(ROOT / "docs/run.svg"), title=" ".join(WORDS))


def _shortened(lines: list[str]) -> list[str]:
    """The lines, with the middle of each list left out."""
    shown: list[str] = []
    for kind, group in itertools.groupby(lines, key=_kind):
        members = list(group)
        if kind and len(members) > SHOWN:
            members = [*members[:SHOWN], f"  … and {len(members) - SHOWN} more"]
        shown += members
    return shown


def _kind(line: str) -> str:
    """The list that a line belongs to; empty for a line that stands alone."""
    plain = Text.from_ansi(line).plain
    return next((start for start in ("  violated: ", "    ") if plain.startswith(start)), "")


if __name__ == "__main__":
    main()
