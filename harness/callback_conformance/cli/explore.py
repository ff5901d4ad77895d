"""``callback-conformance explore``: drawn programs and acts, compared with the model of SPEC.md."""

from __future__ import annotations

from collections.abc import Sequence

import click

from callback_conformance.cli import names
from callback_conformance.cli.command import BAD_USAGE, Command, failing_by

STATUSES = {
    0: "nothing differs, but by what is known",
    1: "something differs that is not known",
    BAD_USAGE: "the command is wrong, or what it names is not installed",
}


@click.command(
    "explore",
    cls=Command,
    short_help="Compare an implementation with the model of SPEC.md.",
    examples={
        "--impl=dash_style": "200 sequences on one of our own",
        "--impl=dash@2.18.2 --sequences=2000": "an older release, at length",
        "--impl=dash --seed=7": "other sequences than those of seed 1",
    },
    statuses=STATUSES,
)
@click.option("--impl", multiple=True, required=True, metavar="NAME",
              shell_complete=names.completing(names.implementations),
              help="What is compared: NAME, NAME@VERSION, package.module:attribute. Repeatable.")  # fmt: skip
@click.option("--backend", multiple=True, metavar="NAME",
              shell_complete=names.completing(names.backends),
              help="Where jobs run: NAME, all, package.module:factory. Repeatable.")  # fmt: skip
@click.option("--dialect", multiple=True, metavar="NAME",
              shell_complete=names.completing(names.dialects),
              help="How programs are written: NAME or all. Repeatable.")  # fmt: skip
@click.option("--sequences", type=click.IntRange(min=1), default=200, metavar="N", show_default=True,
              help="How many sequences of acts are played on each.")  # fmt: skip
@click.option("--seed", type=int, default=1, metavar="N", show_default=True,
              help="Which sequences are drawn.")  # fmt: skip
@click.option("--reduce", "reduce_seconds", type=click.FloatRange(min=0), default=30, metavar="SECONDS",
              show_default=True, help="How long each new difference may take to be made shorter.")  # fmt: skip
def explore(
    impl: Sequence[str],
    backend: Sequence[str],
    dialect: Sequence[str],
    sequences: int,
    seed: int,
    reduce_seconds: float,
) -> None:
    """Draw programs and what is done to them, play them, and compare what the pages show with the model.

    What differs is listed by requirement: first what the ledger knows of the release, then what is new, each reduced
    to a short sequence on a plain program, as a test and as a native app. Ctrl-C ends the drawing, and lists what was
    found until then.
    """
    from callback_conformance.explore.command import CannotExplore, run
    from callback_conformance.session.cell import BadSelection, Selection

    with failing_by(BadSelection, CannotExplore):
        cells = Selection(impl, backend, dialect).cells()
        lines = run(cells, sequences, seed, reduce_seconds)
        is_new = False
        for line, of_new in lines:
            is_new |= of_new
            click.echo(line)
    if is_new:
        raise SystemExit(1)
