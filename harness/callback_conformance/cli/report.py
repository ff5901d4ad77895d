"""``callback-conformance report`` and ``bench``."""

from __future__ import annotations

from pathlib import Path

import click

from callback_conformance.cli import names
from callback_conformance.cli.command import Command, PathOf, failing_by


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
    short_help="What a test costs, in milliseconds.",
    examples={
        "": "dash_style beside dash",
        "--impl=taipy_style --rounds=100": "another implementation, measured more often",
    },
)
@click.option("--impl", multiple=True, metavar="NAME", default=("dash_style", "dash"),
              shell_complete=names.completing(names.installed),
              help="What is measured. Repeatable. Default: dash_style and dash.")  # fmt: skip
@click.option("--rounds", type=click.IntRange(min=2), default=40, metavar="N", show_default=True,
              help="How often each is measured.")  # fmt: skip
def bench(impl: tuple[str, ...], rounds: int) -> None:
    """Measure what a test costs: from nothing to a page that can be clicked, and to its end.

    The implementations take turns, so that a noisy machine is equally noisy for each: compare their ratio.
    """
    from callback_conformance.bench import CannotMeasure, measure

    with failing_by(CannotMeasure):
        for line in measure(impl, rounds):
            click.echo(line)
