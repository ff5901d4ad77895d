"""The command ``callback-conformance``, with all its commands."""

from __future__ import annotations

import click

from callback_conformance.cli.command import DONE_OR_NOT, Root
from callback_conformance.cli.explore import explore
from callback_conformance.cli.findings import findings
from callback_conformance.cli.ledger import ledger
from callback_conformance.cli.listing import listing
from callback_conformance.cli.matrix import compare, matrix, merge, verify
from callback_conformance.cli.report import bench, report
from callback_conformance.cli.run_suite import test
from callback_conformance.cli.spec import spec

PROGRAM = "callback-conformance"


@click.group(
    PROGRAM,
    cls=Root,
    context_settings={"max_content_width": 110},
    examples={
        "test --impl=dash": "where the installed Dash departs from the specification",
        "list": "the names that the commands take",
        "matrix --help": "what a command does, its options, examples and exit statuses",
    },
    statuses={**DONE_OR_NOT, 1: "something differs from what is expected; each command says what"},
)
@click.version_option(package_name=PROGRAM, message="%(prog)s %(version)s")
def main() -> None:
    """Specify how background callbacks must behave in Dash, Dash Labs and Taipy, and test implementations.

    \b
    Completion in bash (or zsh_source, fish_source):
      eval "$(_CALLBACK_CONFORMANCE_COMPLETE=bash_source callback-conformance)"
    """


for command in (
    test, findings, explore, listing, spec, ledger, matrix, merge, compare, verify, report, bench,
):  # fmt: skip
    main.add_command(command)
