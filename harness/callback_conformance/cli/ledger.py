"""``callback-conformance ledger``: the deviations of the releases, and their reproducers."""

from __future__ import annotations

import signal
from pathlib import Path

import click

from callback_conformance.cli import names
from callback_conformance.cli.command import (
    BAD_USAGE,
    DONE_OR_NOT,
    Failed,
    Group,
    PathOf,
    failing_by,
)

IDS = names.completing(names.deviations)


@click.group(
    "ledger",
    cls=Group,
    short_help="List, show, run, export the known deviations.",
    examples={
        "list dash_labs": "the deviations of Dash Labs",
        "run dash-result-lost-on-return": "does the installed release still show it?",
        "export dash-result-lost-on-return --out=reproducer.py": "one file for a maintainer",
    },
    statuses={
        **DONE_OR_NOT,
        1: "run: the ledger is wrong; index --check: the index is not current",
    },
)
def ledger() -> None:
    """The ledger: each deviation of a release, with a program that shows it."""


@ledger.command(
    "list",
    short_help="Name deviations.",
    examples={
        "": "all",
        "taipy": "those of Taipy",
        "cancel cache": "those whose id has such a part",
    },
)
@click.argument("words", nargs=-1, metavar="[WORD]...", shell_complete=IDS)
def list_(words: tuple[str, ...]) -> None:
    """Name the deviations, with their versions, impact and titles.

    A WORD is a release, a fault, or a part of an id; without one, all are listed.
    """
    from callback_conformance import ledger as deviations

    with failing_by(deviations.BadEntry, deviations.UnknownDeviation):
        for deviation in deviations.choose(words):
            click.echo(
                f"{deviation.id} ({deviation.release} {deviation.versions}; {deviation.impact}): "
                f"{deviation.title}"
            )


@ledger.command(
    "show",
    short_help="Print entries.",
    examples={"dash-result-lost-on-return": "what is seen, why, and what a maintainer could do"},
)
@click.argument("ids", nargs=-1, required=True, metavar="ID...", shell_complete=IDS)
def show(ids: tuple[str, ...]) -> None:
    """Print entries of the ledger."""
    from callback_conformance import ledger as deviations

    with failing_by(deviations.BadEntry, deviations.UnknownDeviation):
        for deviation in map(deviations.find_deviation, ids):
            click.echo(f"{deviation.id}: {deviation.title}")
            click.echo(f"release:    {deviation.release} {deviation.versions}")
            click.echo(f"verified:   {', '.join(deviation.verified) or 'on no version'}")
            click.echo(f"fault:      {deviation.fault.title}")
            click.echo(f"impact:     {deviation.impact}; the cause lies in the {deviation.cause}")
            click.echo(f"upstream:   {', '.join(deviation.upstream) or 'no thread'}")
            if deviation.untested:
                click.echo(f"untested:   {deviation.untested}")
            if deviation.remedy_tried:
                tests = f", with {deviation.remedy_tests}" if deviation.remedy_tests else ""
                click.echo(f"remedy:     tried on {deviation.remedy_tried}{tests}")
            click.echo(f"reproducer: callback-conformance ledger export {deviation.id}")
            click.echo(f"\n{deviation.text}\n")


@ledger.command(
    "run",
    short_help="Run reproducers: is the ledger right?",
    examples={
        "": "all, on the releases that are installed",
        "cancel --older": "some, on the first and the last version that each names",
        "dash-result-lost-on-return --on dash@4.3.0": "one, on this version",
    },
    statuses={
        0: "each deviation occurs where the ledger says so, and nowhere else",
        1: "the ledger is wrong: correct deviations/ and conformance/expected/",
        BAD_USAGE: "the command is wrong, or nothing can run",
        3: "a reproducer decided nothing",
    },
)
@click.argument("words", nargs=-1, metavar="[WORD]...", shell_complete=IDS)
@click.option("--older", is_flag=True, help="On the first and the last version that each names.")
@click.option("--on", "releases", multiple=True, metavar="RELEASE@VERSION",
              shell_complete=names.completing(names.releases),
              help="On this version only. Repeatable.")  # fmt: skip
def run(words: tuple[str, ...], older: bool, releases: tuple[str, ...]) -> int:
    """Run the reproducers on the releases that are installed, as many at once as there are processors.

    A WORD is a release, a fault, or a part of an id; without one, all run.
    """
    from callback_conformance import ledger as deviations

    if older and releases:
        raise click.UsageError("--older and --on exclude each other")
    with failing_by(deviations.BadEntry, deviations.BadRelease, deviations.UnknownDeviation):
        runs = deviations.runs_for(deviations.choose(words), older, releases)
    if not runs:
        raise Failed(
            "no reproducer of these can run there; --older runs each where it was verified"
        )
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a job that is cancelled in CI
    return deviations.report(deviations.run_all(runs))


@ledger.command(
    "export",
    short_help="A reproducer as one file.",
    examples={
        "dash-result-lost-on-return": "print it",
        "dash-result-lost-on-return --out=reproducer.py": "write it",
    },
)
@click.argument("id", metavar="ID", shell_complete=IDS)
@click.option("--out", type=PathOf("file"), metavar="FILE",
              help="Write it there instead.")  # fmt: skip
def export_(id: str, out: Path | None) -> None:
    """Print the reproducer of a deviation as one file, which needs nothing but the release."""
    from callback_conformance import ledger as deviations

    with failing_by(deviations.BadEntry, deviations.NotExportable, deviations.UnknownDeviation):
        program = deviations.export(deviations.find_deviation(id))
    if out:
        out.write_text(program, encoding="utf-8")
    else:
        click.echo(program, nl=False)


@ledger.command(
    "issue",
    short_help="A fault as a report to its maintainer.",
    examples={
        "failure-markers-cached": "print it, with what the reproducers print on the installed release",
        "dependencies-unchecked --release=dash_labs": "a fault that several releases have",
        "dash-result-lost-on-return --no-run": "the report whose program is that entry's; nothing is run",
    },
)
@click.argument("fault", metavar="FAULT", shell_complete=names.completing(names.faults))
@click.option("--release", default="", metavar="RELEASE",
              help="dash, dash_labs or taipy, where several have a fault of this name.")  # fmt: skip
@click.option("--run/--no-run", default=True, show_default=True,
              help="Run the reproducers, to show what they print.")  # fmt: skip
def issue(fault: str, release: str, run: bool) -> int:
    """Print all entries of a FAULT as one report: impact, versions, what happens, why, a program, what could be done.

    FAULT is the name of its folder, or the id of an entry, whose program is then the one that is shown.
    """
    from callback_conformance import ledger as deviations

    with failing_by(deviations.BadEntry, deviations.NotExportable, deviations.UnknownDeviation):
        entries = deviations.entries_of(fault, release)
        outputs = deviations.outputs_of(entries) if run else {}
        click.echo(deviations.issue(entries, outputs), nl=False)
    missing = [entry.id for entry in entries if entry.id not in outputs]
    if run and missing:
        click.echo(f"not shown on the installed release: {', '.join(missing)}", err=True)
    if any(entry.impact == deviations.Impact.LEAK for entry in entries):
        click.echo(
            "it discloses what belongs to users: report it as the project's security policy says",
            err=True,
        )
    return 0


@ledger.command(
    "index",
    short_help="Write the index of the ledger.",
    examples={"": "after a change of an entry", "--check": "is deviations/INDEX.md current?"},
    statuses={0: "written, or current", 1: "--check: it is not current", 2: DONE_OR_NOT[BAD_USAGE]},
)
@click.option("--check", is_flag=True, help="Write nothing, but fail if it would change.")
def index(check: bool) -> int:
    """Write deviations/INDEX.md from the entries."""
    from callback_conformance.ledger import BadEntry, index_is_current, write_index

    with failing_by(BadEntry):
        if not check:
            click.echo(write_index())
            return 0
        if index_is_current():
            click.echo("the index is current")
            return 0
    click.echo("the index is not current: callback-conformance ledger index", err=True)
    return 1
