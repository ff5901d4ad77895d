"""``callback-conformance spec``: the specification, shown, checked and written."""

from __future__ import annotations

import textwrap

import click

from callback_conformance.cli import names
from callback_conformance.cli.command import DONE_OR_NOT, Group, failing_by

WIDTH = 100


@click.group(
    "spec",
    cls=Group,
    short_help="Show the specification, check it, write what is made of it.",
    examples={
        "show RUN-1": "one requirement",
        "show 5": "a chapter",
        "check": "is SPEC.md in its form, and what is written from it in step?",
        "write": "write spec.json and SPEC.md's contents list",
    },
    statuses={0: "done", 1: "check: something is not in step with SPEC.md", 2: DONE_OR_NOT[2]},
)
def spec() -> None:
    """The specification: SPEC.md with its contents list, and spec.json, which is written from it and read by the suite."""


@spec.command(
    "show",
    short_help="Print requirements.",
    examples={"RUN-1 RUN-2": "two requirements", "5": "all of chapter 5", "": "all chapters"},
)
@click.argument("words", nargs=-1, metavar="[ID | CHAPTER]...",
                shell_complete=names.completing(names.requirements))  # fmt: skip
def show(words: tuple[str, ...]) -> None:
    """Print requirements with their levels, dialects and sources; without a word, the chapters."""
    from callback_conformance.cli.requirements import UnknownWord, chapter_lines, requirements_of
    from callback_conformance.spec import load

    specification = load()
    if not words:
        for line in chapter_lines(specification):
            click.echo(line)
        return
    with failing_by(UnknownWord):
        requirements = requirements_of(specification, words)
    for requirement in requirements:
        click.echo(f"{requirement.id}  {requirement.level}  {', '.join(requirement.dialects)}")
        lines = [requirement.plain, f"Source: {requirement.source}"]
        lines += [f"Intent: {requirement.intent}"] if requirement.intent else []
        for text in lines:
            click.echo(textwrap.fill(text, WIDTH, initial_indent="  ", subsequent_indent="  "))
        click.echo()


@spec.command(
    "check",
    short_help="Is SPEC.md in its form, and spec.json in step?",
    examples={"": "what `make conformance` does first"},
    statuses={
        0: "it is",
        1: "spec.json or the contents list is not in step",
        2: "SPEC.md is malformed or missing",
    },
)
def check() -> int:
    """Check the form of SPEC.md, that its contents list counts its requirements, and that spec.json was written from it."""
    from callback_conformance.spec import contents, specification

    with failing_by(specification.MalformedSpecification):
        current = specification.read_markdown()
        text = specification.SPEC.read_text(encoding="utf-8")
        if contents.with_contents(text, current) != text:
            click.echo(
                "SPEC.md's contents list is not that of its requirements: run `make spec`", err=True
            )
            return 1
        if not specification.is_in_step(current):
            click.echo("SPEC.md has changed since spec.json was written: run `make spec`", err=True)
            return 1
    click.echo(f"SPEC.md: {len(current.requirements)} requirements; spec.json is in step")
    return 0


@spec.command(
    "write",
    short_help="Write spec.json and the contents list from SPEC.md.",
    examples={"": "after each change of SPEC.md"},
    statuses={0: "written", 2: "SPEC.md is malformed or missing; nothing has changed"},
)
def write() -> None:
    """Write the contents list of SPEC.md, and spec.json from SPEC.md, in a checkout of the suite."""
    from callback_conformance.spec import contents, specification

    with failing_by(specification.MalformedSpecification):
        current = specification.read_markdown()
        listed = contents.with_contents(specification.SPEC.read_text(encoding="utf-8"), current)
        specification.SPEC.write_text(listed, encoding="utf-8")
        current = specification.parse(listed)
    file = specification.write_json(current)
    click.echo(f"SPEC.md: {len(current.requirements)} requirements, written to {file.name}")
