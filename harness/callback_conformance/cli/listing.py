"""``callback-conformance list``: the names that the other commands take."""

from __future__ import annotations

from collections.abc import Iterable

import click

from callback_conformance.cli import names
from callback_conformance.cli.command import Command, Group, failing_by

#: What can be listed, by the function of catalog.py that does so: a heading, and the short help, the example and the
#: help of its command.
KINDS = {
    "implementations": (
        "implementations (--impl)",
        "What --impl takes.",
        "names, with the version that is installed beside the suite",
        "Name the implementations that are installed: ours, the releases, and those of entry points.",
    ),
    "releases": (
        "releases known to run (--impl=NAME@VERSION)",
        "The versions that are known to run.",
        "of Dash, Dash Labs and Taipy",
        "Name the versions that the compatibility matrix runs. Any other may be tried by --impl=NAME@VERSION, too.",
    ),
    "dialects": (
        "dialects (--dialect)",
        "What --dialect takes.",
        "with how each declares a callback",
        "Name the dialects, and how a program of each declares a callback.",
    ),
    "backends": (
        "backends (--backend), the default first",
        "What --backend takes.",
        "by implementation and dialect, the default first",
        "Name the backends of each implementation and dialect, the default first.",
    ),
    "drivers": (
        "drivers (--driver)",
        "What --driver takes.",
        "with what each opens the pages",
        "Name the drivers, and with what each opens the pages.",
    ),
}


@click.group(
    "list",
    cls=Group,
    short_help="Name implementations, releases, backends, requirements.",
    invoke_without_command=True,
    examples={
        "": "all names, and the chapters of the specification",
        "releases": "the releases that are known to run",
        "requirements 5 CANCEL": "two chapters",
    },
)
@click.pass_context
def listing(context: click.Context) -> None:
    """Name what the other commands take. Without a word: everything, and the chapters instead of requirements."""
    if context.invoked_subcommand is None:
        from callback_conformance.cli.requirements import chapter_lines
        from callback_conformance.spec import load

        sections = {heading: _lines_of(kind) for kind, (heading, *_) in KINDS.items()}
        sections["chapters (callback-conformance list requirements CHAPTER)"] = chapter_lines(
            load()
        )
        for heading, lines in sections.items():
            _print([f"{heading}:", *(f"  {line}" for line in lines), ""])


for kind, (_, short_help, example, text) in KINDS.items():
    listing.add_command(
        Command(
            kind,
            callback=lambda kind=kind: _print(_lines_of(kind)),
            short_help=short_help,
            examples={"": example},
            help=text,
        )
    )


@listing.command(
    "requirements",
    short_help="The requirements, by chapter or id.",
    examples={"": "all", "5": "those of chapter 5", "CANCEL-1 FAIL": "one, and a whole family"},
)
@click.argument("words", nargs=-1, metavar="[ID | CHAPTER]...",
                shell_complete=names.completing(names.requirements))  # fmt: skip
def requirements(words: tuple[str, ...]) -> None:
    """List requirements with their levels and sentences: those named by an id, its first part, or a chapter."""
    from callback_conformance.cli.requirements import UnknownWord, requirements_of
    from callback_conformance.spec import load

    with failing_by(UnknownWord):
        chosen = requirements_of(load(), words)
    _print(
        f"{requirement.id:<11}{requirement.level:<12}{requirement.plain}" for requirement in chosen
    )


def _lines_of(kind: str) -> Iterable[str]:
    from callback_conformance.cli import catalog

    lines: Iterable[str] = getattr(catalog, kind)()
    return lines


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)
