"""``callback-conformance report`` and ``bench``."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import click

from callback_conformance.cli.command import Command, PathOf, failing_by

#: Of the command ``bench``.
BACKENDS = ("diskcache", "celery+redis", "thread")
MEASURES = ("page", "many", "start", "memory", "test")


@click.command(
    "report",
    cls=Command,
    short_help="Make pages of a run or of a matrix.",
    examples={
        "out": "the pages of `callback-conformance test --report=out`: out/report/index.html",
        "matrix --link https://example.org/matrix/": "lets matrix.md link to the published pages",
    },
)
@click.argument("folder", type=PathOf("folder"))
@click.option("--link", default="", metavar="URL", help="Where the pages will be published.")
def report(folder: Path, link: str) -> None:
    """Make pages of what is in FOLDER: a run (--report=FOLDER) or a matrix (--out=FOLDER)."""
    from callback_conformance.report import build

    click.echo(build(folder, link))


@click.command(
    "bench",
    cls=Command,
    short_help="What our implementations cost beside the newest releases.",
    examples={
        "": "everything, on all backends",
        "--backend=diskcache --measure=page --rounds=20": "what one page waits for, more often",
        "--out=bench.md": "the same report in a file",
    },
)
@click.option("--backend", multiple=True, type=click.Choice(list(BACKENDS)), default=list(BACKENDS),
              help="Where jobs run. Repeatable. Default: all.")  # fmt: skip
@click.option("--measure", multiple=True, type=click.Choice(list(MEASURES)), default=list(MEASURES),
              help="What is measured. Repeatable. Default: all.")  # fmt: skip
@click.option("--rounds", type=click.IntRange(min=1), default=5, metavar="N", show_default=True,
              help="How often each is measured.")  # fmt: skip
@click.option(
    "--out", type=PathOf("file"), metavar="FILE", help="Write the report into a file, too."
)
def bench(
    backend: tuple[str, ...], measure: tuple[str, ...], rounds: int, out: Path | None
) -> None:
    """Measure our implementations and the newest releases side by side.

    The two of each backend take turns, so that a noisy machine is equally noisy for both: their ratio is what counts.

    \b
    page    what a page waits for: the first answer, a result, a stored result, a poll
    many    50 and 200 pages that trigger at once: results in a second, and how many are lost
    start   until a server listens
    memory  what an idle page and a waiting job add
    test    what a test of the suite costs
    """
    from callback_conformance.bench import CannotMeasure
    from callback_conformance.bench import measure as report_lines

    written = [
        "# What it costs",
        "",
        f"`{shlex.join(['callback-conformance', *sys.argv[1:]])}`",
        "",
    ]
    with failing_by(CannotMeasure):
        for line in report_lines(backend, measure, rounds):
            click.echo(line)
            written.append(line)
    if out:
        out.write_text("\n".join([*written, ""]), encoding="utf-8")
