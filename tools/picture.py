"""Renews run.svg, the picture in README.md, from a real run: ``make picture``.

It shows what pytest printed, but for the lines about this machine. One chapter takes a minute, and changes less often than
the numbers of all of them, which README has in a table.
"""

from __future__ import annotations

import io
import os
import subprocess
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).parents[1]
CHAPTER = 6
WORDS = ("pytest", "conformance", "--impl=dash", "-k", f"test_{CHAPTER:02}", "-n", "2")
COLUMNS = 80
LEFT_OUT = (
    "platform ",
    "Test order ",
    "specification: ",
    "rootdir: ",
    "configfile: ",
    "plugins: ",
    "created: ",
)


def main() -> None:
    """Run and draw."""
    command = [str(ROOT / ".venv/bin" / WORDS[0]), *WORDS[1:], "--color=yes"]
    wide = {**os.environ, "COLUMNS": str(COLUMNS)}
    done = subprocess.run(command, cwd=ROOT, env=wide, capture_output=True, text=True, check=True)
    console = Console(record=True, width=COLUMNS, file=io.StringIO())
    console.print(Text(f"$ {' '.join(WORDS)}"))
    for line in done.stdout.splitlines():
        if not line.startswith(LEFT_OUT):
            console.print(Text.from_ansi(line), overflow="ellipsis", no_wrap=True)
    console.save_svg(str(ROOT / "docs/run.svg"), title=" ".join(WORDS))


if __name__ == "__main__":
    main()
