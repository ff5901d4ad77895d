"""``callback-conformance matrix``, ``compare`` and ``verify``: many cells, and what changed between two runs."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import click

from callback_conformance import places
from callback_conformance.cli.command import (
    BAD_USAGE,
    INTERRUPTED,
    Command,
    Failed,
    PathOf,
    WithPytestWords,
    failing_by,
)

FOLDER, FILE = PathOf("folder"), PathOf("file")

MISTAKE = {BAD_USAGE: "the command, or a file that it reads, is wrong"}
STATUSES = {
    0: "nothing is worse, and each cell is as conformance/expected records it",
    1: "something was verified and is no longer, or a cell lost its verdicts",
    **MISTAKE,
    3: "nothing is worse, but a cell is not as recorded, or has no verdicts",
    INTERRUPTED: "interrupted: the cells that have ended are kept",
}


def _cell_options(command: Any) -> Any:
    """The options of the commands that run cells."""
    options = (
        click.option("--jobs", type=click.IntRange(min=1), metavar="N",
                     help="Run N cells at once. Default: what the matrix file says."),
        click.option("--matrix", "file", type=FILE, metavar="FILE", default=places.MATRIX,
                     help="The file that lists the cells. Default: ci/matrix.toml of the suite."),
        click.option("--suite", type=FOLDER, metavar="FOLDER", default=places.SUITE,
                     help="The folder with the tests. Default: the suite."),
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
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
        "-- -k cancel": "with the tests of one chapter only",
    },
    statuses=STATUSES,
    when_interrupted="interrupted: what has ended is kept; run it again to go on",
)
@click.argument("words", nargs=-1, metavar="[WORD]...")
@click.option("--out", type=FOLDER, default=Path("matrix"), metavar="FOLDER", show_default=True,
              help="Where the results are kept.")  # fmt: skip
@click.option("--again", is_flag=True, help="Also run the cells whose result is still valid.")
@click.option("--list", "only_list", is_flag=True, help="Name the cells, and run none.")
@_cell_options
def matrix(
    words: tuple[str, ...],
    out: Path,
    again: bool,
    only_list: bool,
    jobs: int | None,
    file: Path,
    suite: Path,
    pytest_words: tuple[str, ...],
) -> int:
    """Run the cells of the compatibility matrix that have no valid result yet, and build their report.

    A cell is a release in a dialect, on a backend. Each WORD must match a part of it: dash@3.0.4, dash, 3.0.4,
    background, celery+redis, redis; * and ? are wildcards. Interrupt it at any time, and run it again to continue.
    """
    from callback_conformance.matrix import commands
    from callback_conformance.matrix.plan import BadMatrix
    from callback_conformance.results.json_file import BadFile

    with failing_by(BadMatrix, BadFile):
        selection = commands.Selection(file, words, jobs, _existing(suite), pytest_words)
        if only_list:
            return commands.list_cells(selection)
        return commands.run(selection, out, again)


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
    from callback_conformance.matrix.plan import BadMatrix
    from callback_conformance.results.json_file import BadFile

    with failing_by(BadMatrix, BadFile):
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
@click.argument("folder", type=FOLDER)
@click.argument("words", nargs=-1, metavar="[WORD]...")
@click.option("--sample", type=click.IntRange(min=1), metavar="N", help="N cells, drawn at random.")
@click.option("--seed", type=int, metavar="N", help="Draw the cells that this seed gives.")
@_cell_options
def verify(
    folder: Path,
    words: tuple[str, ...],
    sample: int | None,
    seed: int | None,
    jobs: int | None,
    file: Path,
    suite: Path,
    pytest_words: tuple[str, ...],
) -> int:
    """Run cells of the matrix in FOLDER again, with the versions that it recorded, and say what differs.

    Each WORD must match a part of a cell, as for `callback-conformance matrix`.
    """
    from callback_conformance.matrix import commands
    from callback_conformance.matrix.plan import BadMatrix
    from callback_conformance.results.json_file import BadFile

    with failing_by(BadMatrix, BadFile):
        selection = commands.Selection(file, words, jobs, _existing(suite), pytest_words)
        return commands.verify(
            selection, folder, sample, int(time.time()) if seed is None else seed
        )


def _existing(suite: Path) -> Path:
    if not suite.is_dir():
        raise Failed(f"--suite={suite} does not exist")
    return suite.absolute()
