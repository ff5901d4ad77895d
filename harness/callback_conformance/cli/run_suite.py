"""``callback-conformance test``: pytest on the suite, wherever the suite lies."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from callback_conformance import places
from callback_conformance.cli import names
from callback_conformance.cli.command import Command, PathOf

MODULE = "callback_conformance.suite"

#: What pytest's exit statuses mean here.
STATUSES = {
    0: "each requirement is verified, or violated by a known failure",
    1: "a requirement is violated or not decided, or no test was selected",
    2: "interrupted, or the command is wrong",
    3: "an error inside pytest",
    4: "an option is wrong, or what it names is not installed",
}

AXES = (
    ("impl", names.implementations, "What is tested: NAME, NAME@VERSION, package.module:attribute."),
    ("backend", names.backends, "Where jobs run: NAME, all, package.module:factory."),
    ("dialect", names.dialects, "How programs are written: NAME or all."),
    ("driver", lambda: ("wire", "browser"), "What opens the pages: wire or browser."),
)  # fmt: skip


@click.command(
    "test",
    cls=Command,
    short_help="Test an implementation: run the suite with pytest.",
    context_settings={"ignore_unknown_options": True},
    examples={
        "--impl=dash_style --dialect=all": "one of our own, in every dialect",
        "--impl=dash -k cancel -n 2": "the chapter Cancel on Dash, by two processes",
        "--impl=dash@2.18.2 --report=out": "an older release, in an environment of its own",
        "--impl=dash --backend=my_package:make_manager": "a backend of your own",
        "-- --help": "all options of pytest, with those of the suite",
    },
    statuses=STATUSES,
)
@click.option("--report", metavar="DIR", type=PathOf("folder"),
              help="Write report.json and junit.xml there.")  # fmt: skip
@click.option("--verdicts", is_flag=True, help="List the verdict of each requirement.")
@click.option("--strict-should", is_flag=True, help="Let a violated SHOULD fail the run.")
@click.argument("words", nargs=-1, type=click.UNPROCESSED, metavar="[PYTEST-WORD]...")
def test(
    report: Path | None,
    verdicts: bool,
    strict_should: bool,
    words: tuple[str, ...],
    **axes: tuple[str, ...],
) -> None:
    """Test an implementation: run the suite with pytest.

    This is `pytest conformance ...` with the suite found for you. All other words go to pytest: -k WORD selects
    tests by their names, which begin with the chapter's, -n 2 runs two at a time, -x stops at the first failure. To
    run one file only, name it: conformance/test_06_cancel.py, or, of an installed suite,
    callback_conformance.suite.test_06_cancel.
    """
    options = [f"--{axis}={name}" for axis, several in axes.items() for name in several]
    options += [f"--report={report}"] if report else []
    options += ["--verdicts"] * verdicts + ["--strict-should"] * strict_should
    sys.stdout.flush()
    # As the same process: signals, the terminal and the exit status are pytest's own.
    os.execv(sys.executable, pytest_command([*options, *words]))  # noqa: S606


test.params[:0] = [
    click.Option(
        [f"--{axis}"],
        multiple=True,
        metavar="NAME",
        help=f"{text} Repeatable.",
        shell_complete=names.completing(completed),
    )
    for axis, completed, text in AXES
]


def pytest_command(words: Sequence[str]) -> list[str]:
    """What runs pytest with these words, on the whole suite unless they name a part of it."""
    command = [sys.executable, "-m", "pytest"]
    if any(names_a_part(word) for word in words):
        suite = ["--pyargs"] if places.INSTALLED else []
    elif places.INSTALLED:
        suite = ["--pyargs", MODULE]
    else:
        suite = [os.path.relpath(places.SUITE)]
    return [*command, *suite, *words]


def names_a_part(word: str) -> bool:
    """True for a file, a folder or a test of the suite, and for a module of an installed one."""
    place = word.partition("::")[0]
    if places.INSTALLED and (place == MODULE or place.startswith(f"{MODULE}.")):
        return True
    return Path(place).exists() and Path(place).resolve().is_relative_to(places.SUITE)
