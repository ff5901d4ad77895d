"""``callback-conformance list``: the names that the other commands take."""

from __future__ import annotations

from collections.abc import Iterable

import click

from callback_conformance.cli import names
from callback_conformance.cli.command import DONE_OR_NOT, Group, failing_by

DRIVERS = ("wire     the framework's protocol, no browser", "browser  real Chromium")


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
    statuses=DONE_OR_NOT,
)
@click.pass_context
def listing(context: click.Context) -> None:
    """Name what the other commands take. Without a word: everything, and the chapters instead of requirements."""
    if context.invoked_subcommand is None:
        from callback_conformance.cli import catalog
        from callback_conformance.cli.requirements import chapter_lines
        from callback_conformance.spec import load

        _section("implementations (--impl)", catalog.implementation_lines())
        _section("releases known to run (--impl=NAME@VERSION)", catalog.release_lines())
        _section("dialects (--dialect)", catalog.dialect_lines())
        _section("backends (--backend), the default first", catalog.backend_lines())
        _section("drivers (--driver)", DRIVERS)
        _section("chapters (callback-conformance list requirements CHAPTER)", chapter_lines(load()))


@listing.command(
    "implementations",
    short_help="What --impl takes.",
    examples={"": "names, with the version that is installed beside the suite"},
    statuses=DONE_OR_NOT,
)
def implementations() -> None:
    """Name the implementations that are installed: ours, the releases, and those of entry points."""
    from callback_conformance.cli.catalog import implementation_lines

    _print(implementation_lines())


@listing.command(
    "releases",
    short_help="The versions that are known to run.",
    examples={"": "of Dash, Dash Labs and Taipy"},
    statuses=DONE_OR_NOT,
)
def releases() -> None:
    """Name the versions that the compatibility matrix runs. Any other may be tried by --impl=NAME@VERSION, too."""
    from callback_conformance.cli.catalog import release_lines

    _print(release_lines())


@listing.command(
    "dialects",
    short_help="What --dialect takes.",
    examples={"": "with how each declares a callback"},
    statuses=DONE_OR_NOT,
)
def dialects() -> None:
    """Name the dialects, and how a program of each declares a callback."""
    from callback_conformance.cli.catalog import dialect_lines

    _print(dialect_lines())


@listing.command(
    "backends",
    short_help="What --backend takes.",
    examples={"": "by implementation and dialect, the default first"},
    statuses=DONE_OR_NOT,
)
def backends() -> None:
    """Name the backends of each implementation and dialect, the default first."""
    from callback_conformance.cli.catalog import backend_lines

    _print(backend_lines())


@listing.command(
    "requirements",
    short_help="The requirements, by chapter or id.",
    examples={"": "all", "5": "those of chapter 5", "CANCEL-1 FAIL": "one, and a whole family"},
    statuses=DONE_OR_NOT,
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


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)


def _section(title: str, lines: Iterable[str]) -> None:
    click.echo(f"{title}:")
    for line in lines:
        click.echo(f"  {line}")
    click.echo()
