"""``callback-conformance findings``: what is known of the releases, without a run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from callback_conformance.cli import names
from callback_conformance.cli.command import DONE_OR_NOT, Group, PathOf, failing_by
from callback_conformance.results.wording import wrapped

if TYPE_CHECKING:
    from callback_conformance.findings.recorded import Findings

RELEASES = names.completing(names.releases)


@click.group(
    "findings",
    cls=Group,
    short_help="What is known of each release, without a run.",
    examples={
        "show dash": "what the releases of Dash do wrong, the worst first",
        "upgrade dash@2.18.2 dash@4.4.1": "what an upgrade breaks and mends",
        "write": "the table in README, and docs/results",
    },
    statuses={0: "done", 1: "check: a page is not current", 2: DONE_OR_NOT[2]},
)
def findings() -> None:
    """The findings: what conformance/expected and the ledger record of each cell of the matrix."""


@findings.command(
    "show",
    short_help="What releases do wrong, the worst first.",
    examples={
        "": "the newest releases",
        "dash@2.18.2": "a release",
        "taipy gevent": "the cells of which each word names a part",
    },
)
@click.argument("words", nargs=-1, metavar="[WORD]...", shell_complete=RELEASES)
def show(words: tuple[str, ...]) -> None:
    """Print how many requirements cells violate, and what users see of it. Each WORD names a part of a cell, as for `matrix`."""
    from callback_conformance.matrix.plan import BadMatrix, chosen

    everything = _read()
    with failing_by(BadMatrix):
        specs = chosen([cell.spec for cell in everything.cells], words) if words else []
    cells = [each for each in everything.cells if each.spec in specs] or everything.newest
    for cell in cells:
        click.echo(
            f"{cell.words} ({cell.spec.dialect}): {len(cell.violated)} of "
            f"{len(cell.applicable)} requirements violated"
        )
        for each in cell.deviations:
            line = f"{each.impact}: {each.title} ({each.id})"
            click.echo("\n".join(wrapped(line, "  ", "    ")))
        click.echo()


@findings.command(
    "upgrade",
    short_help="What an upgrade breaks and mends.",
    examples={"dash@2.18.2 dash@4.4.1": "in the dialects and on the backends that both have"},
)
@click.argument("old", metavar="OLD", shell_complete=RELEASES)
@click.argument("new", metavar="NEW", shell_complete=RELEASES)
def upgrade(old: str, new: str) -> None:
    """Print which deviations appear and go between two releases of the matrix, each as NAME@VERSION."""
    from callback_conformance.findings.upgrades import UnknownRelease, of_releases, upgrade_lines

    with failing_by(UnknownRelease):
        compared = of_releases(_read(), old, new)
    for line in upgrade_lines(compared):
        indent = line[: len(line) - len(line.lstrip())] + "    "
        click.echo("\n".join(wrapped(line, more=indent)))


@findings.command(
    "site",
    short_help="Write the site: findings, ledger, specification, guides.",
    examples={
        "": "into the folder site",
        "--out=pages --run=matrix": "with the pages of a matrix beside it",
    },
)
@click.option("--out", type=PathOf("folder"), default="site", metavar="FOLDER", show_default=True,
              help="Where to write it; a site that stands there is replaced.")  # fmt: skip
@click.option("--run", type=PathOf("folder"), metavar="FOLDER",
              help="A matrix or a run with its pages, which become a part of the site.")  # fmt: skip
def site(out: Path, run: Path | None) -> None:
    """Write one static site of what is recorded, in a checkout of the suite. It opens from disk: no server, no network."""
    from callback_conformance.site.build import NoSite, build

    with failing_by(NoSite):
        click.echo(build(_read(), out, run))


@findings.command(
    "write",
    short_help="Write README's table and docs/results.",
    examples={"": "after a change of SPEC.md, of an entry or of conformance/expected"},
    statuses={0: "written", 2: "this is no checkout; nothing has changed"},
)
def write() -> None:
    """Write the table in README.md and the pages in docs/results, in a checkout of the suite."""
    from callback_conformance.findings.write import NoCheckout, pages
    from callback_conformance.findings.write import write as write_pages

    with failing_by(NoCheckout):
        changed = write_pages(pages(_read()))
    click.echo(f"pages that have changed: {', '.join(file.name for file in changed) or 'none'}")


@findings.command(
    "check",
    short_help="Are README's table and docs/results current?",
    examples={"": "what a test of this repository does"},
    statuses={0: "they are", 1: "one is not: run `make docs`", 2: "this is no checkout"},
)
def check() -> int:
    """Check that README.md and the pages in docs/results say what is recorded."""
    from callback_conformance.findings.write import NoCheckout, pages, stale

    with failing_by(NoCheckout):
        old = stale(pages(_read()))
    for file in old:
        click.echo(f"{file} is not current: run `make docs`", err=True)
    return 1 if old else 0


def _read() -> Findings:
    from callback_conformance import ledger
    from callback_conformance.findings.recorded import read_findings
    from callback_conformance.matrix.plan import BadMatrix
    from callback_conformance.results.known_failures import BadKnownFailure

    with failing_by(BadMatrix, BadKnownFailure, ledger.BadEntry):
        return read_findings()
