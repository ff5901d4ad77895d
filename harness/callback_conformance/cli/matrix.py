"""``callback-conformance matrix``, ``merge``, ``compare`` and ``verify``: many cells, and what changed between two runs."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import click

from callback_conformance import places
from callback_conformance.cli.command import (
    BAD_USAGE,
    DONE_OR_NOT,
    INTERRUPTED,
    Command,
    PathOf,
    WithPytestWords,
)

MISTAKE = {BAD_USAGE: DONE_OR_NOT[BAD_USAGE]}
STATUSES = {
    0: "nothing is worse, and each cell is as conformance/expected records it",
    1: "a requirement that was verified is not any more, or a cell lost its verdicts",
    **MISTAKE,
    3: "nothing is worse, but a cell differs from conformance/expected, or still has no verdicts",
    INTERRUPTED: "interrupted: the cells that have ended are kept",
}


def _shard(ctx: click.Context, param: click.Parameter, text: str | None) -> Any:
    """Read NUMBER/COUNT."""
    from callback_conformance.matrix.shards import Shard

    try:
        return None if text is None else Shard.parse(text)
    except ValueError as error:
        raise click.BadParameter(str(error), ctx, param) from None


def _matrix_file(command: Any) -> Any:
    """The option that names the file."""
    return click.option("--matrix", "file", type=PathOf("file"), metavar="FILE", default=places.MATRIX,
                        help="The file that lists the cells. Default: ci/matrix.toml of the suite.")(command)  # fmt: skip


def _selection(command: Any) -> Any:
    """The words and options of the commands that run cells: the fields of Selection, but for the words of pytest."""
    for parameter in (
        click.argument("words", nargs=-1, metavar="[WORD]..."),
        click.option("--suite", type=PathOf("folder", exists=True), metavar="FOLDER", default=places.SUITE,
                     help="The folder with the tests. Default: the suite."),
        _matrix_file,
        click.option("--jobs", "at_once", type=click.IntRange(min=1), metavar="N",
                     help="Run N cells at once. Default: what the matrix file says."),
    ):  # fmt: skip
        command = parameter(command)
    return command


@click.command(
    "matrix",
    cls=WithPytestWords,
    short_help="Run every release on every backend, and report.",
    examples={
        "": "all cells that have no valid result yet",
        "'dash@3.*' celery": "the cells of Dash 3 on Celery",
        "--list taipy": "name the cells of Taipy",
        "--again --out=out dash_style": "run those cells again, into the folder out",
        "--shard 2/8": "the second eighth of the cells; the seven others run elsewhere at the same time",
        "-- -k cancel": "with the tests of one chapter only",
    },
    statuses=STATUSES,
    when_interrupted="interrupted: what has ended is kept; run it again to go on",
)
@click.option("--out", type=PathOf("folder"), default=Path("matrix"), metavar="FOLDER", show_default=True,
              help="Where the results are kept.")  # fmt: skip
@click.option("--again", is_flag=True, help="Also run the cells whose result is still valid.")
@click.option("--shard", callback=_shard, metavar="NUMBER/COUNT",
              help="Run this part of the cells only; `callback-conformance merge` brings all parts together.")  # fmt: skip
@click.option("--list", "only_list", is_flag=True, help="Name the cells, and run none.")
@_selection
def matrix(out: Path, again: bool, only_list: bool, **selected: Any) -> int:
    """Run the cells of the compatibility matrix that have no valid result yet, and build their report.

    A cell is a release in a dialect, on a backend. Each WORD must match a part of it: dash@3.0.4, dash, 3.0.4,
    background, celery+redis, redis; * and ? are wildcards. Interrupt it at any time, and run it again to continue.
    """
    from callback_conformance.matrix import commands

    selection = commands.Selection(**selected)
    return commands.list_cells(selection) if only_list else commands.run(selection, out, again)


@click.command(
    "merge",
    cls=Command,
    short_help="Make one matrix of the shards of several machines.",
    examples={
        "shard-1 shard-2 shard-3 shard-4 --out=matrix": "four folders, each of a run with --shard"
    },
    statuses={status: STATUSES[status] for status in (0, 1, BAD_USAGE)}
    | {
        3: "nothing is worse, but a cell is in no shard, differs from conformance/expected, or has no verdicts"
    },
)
@click.argument("shards", type=PathOf("folder"), nargs=-1, required=True, metavar="SHARD...")
@click.option(
    "--out",
    type=PathOf("folder"),
    default=Path("matrix"),
    metavar="FOLDER",
    show_default=True,
    help="Where the whole is kept.",
)
@_matrix_file
def merge(shards: tuple[Path, ...], out: Path, file: Path) -> int:
    """Bring the results of all shards into one folder, and build the report: the same as if one machine had run all
    the cells. What changed since the last merge into that folder is printed, as after a run."""
    from callback_conformance.matrix import commands

    return commands.merge(file, shards, out)


@click.command(
    "compare",
    cls=Command,
    short_help="What changed between two matrices, or two releases.",
    examples={
        "last matrix": "two folders of runs, or matrix.json files of reports",
        "matrix --releases dash@2.18.2 dash@3.0.4": "two releases in one matrix",
    },
    statuses={0: "nothing is worse", 1: STATUSES[1], **MISTAKE},
)
@click.argument("old", type=PathOf())
@click.argument("new", type=PathOf(), required=False)
@click.option("--releases", nargs=2, metavar="OLD NEW", help="Compare these two releases.")
def compare(old: Path, new: Path | None, releases: tuple[str, str] | None) -> int:
    """Say what changed from matrix OLD to matrix NEW, or from one release to another."""
    from callback_conformance.matrix import commands

    return commands.compare(old, new, releases)


@click.command(
    "verify",
    cls=WithPytestWords,
    short_help="Run cells of a matrix again: the same verdicts?",
    examples={
        "matrix --sample 5": "five cells, drawn at random",
        "matrix --sample 5 --seed 7": "the same five as before",
        "matrix taipy": "all cells of Taipy",
    },
    statuses={
        0: "the same verdicts",
        1: "a verdict or a version differs",
        **MISTAKE,
        INTERRUPTED: "interrupted",
    },
)
@click.argument("folder", type=PathOf("folder"))
@click.option("--sample", type=click.IntRange(min=1), metavar="N", help="N cells, drawn at random.")
@click.option("--seed", type=int, metavar="N", default=lambda: int(time.time()),
              help="Draw the cells that this seed gives.")  # fmt: skip
@_selection
def verify(folder: Path, sample: int | None, seed: int, **selected: Any) -> int:
    """Run cells of the matrix in FOLDER again, with the versions that it recorded, and say what differs.

    Each WORD must match a part of a cell, as for `callback-conformance matrix`.
    """
    from callback_conformance.matrix import commands

    return commands.verify(commands.Selection(**selected), folder, sample, seed)
