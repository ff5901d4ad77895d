"""The table of the newest releases, for README and for docs/results; which release to use."""

from __future__ import annotations

from collections.abc import Iterator

from callback_conformance.findings.markdown import (
    backend_words,
    entry_link,
    named,
    page,
    table,
)
from callback_conformance.findings.recorded import Findings, RecordedCell
from callback_conformance.ledger import Impact, Symptom

#: The symptoms that have a column, by name, with its head.
COLUMNS = {
    "leak": "users see what is others'",
    "no-result": "results never appear",
    "outlives-cancel": "jobs outlive a cancel",
    "disabled-button": "buttons stay disabled",
    "silent-failure": "failures go unreported",
}
WORST = 3  # that are named of each release


def readme_block(findings: Findings) -> str:
    """What README shows: the newest releases, and the worst of each."""
    return "\n".join(
        [newest_table(findings, "docs/results/"), COUNTED, "", worst_list(findings, "")]
    ).rstrip("\n")


COUNTED = """\
Of each release, the number of requirements that apply to it and how many it violates; then in how many different ways a user
comes to harm. The same program on the same backend does none of this with the two implementations of this repository.\
"""


def newest_table(findings: Findings, folder: str) -> str:
    """The newest version of each release on each backend; ours in one row each."""
    symptoms = {symptom.name: symptom for symptom in findings.symptoms}
    heads = [f"[{head}]({folder}symptoms.md#{name})" for name, head in COLUMNS.items()]
    rows = [_row(cell, symptoms) for cell in findings.newest]
    head = ["release", "jobs run on", "requirements that apply", "violated", *heads]
    return table(head, [*rows, *_our_rows(findings)])


def _row(cell: RecordedCell, symptoms: dict[str, Symptom]) -> list[object]:
    return [
        f"**{named(cell.implementation, cell.version)}**",
        cell.spec.backend,
        len(cell.applicable),
        f"**{len(cell.violated)}**",
        *(len(cell.seen_as(symptoms[name])) for name in COLUMNS),
    ]


def _our_rows(findings: Findings) -> Iterator[list[object]]:
    for name in dict.fromkeys(cell.implementation for cell in findings.ours):
        cells = [cell for cell in findings.ours if cell.implementation == name]
        counts = [len(cell.applicable) for cell in cells]
        applicable = f"{min(counts)} to {max(counts)}" if min(counts) < max(counts) else counts[0]
        backends = ", ".join(dict.fromkeys(cell.spec.backend for cell in cells))
        violated = max(len(cell.violated) for cell in cells)
        yield [f"`{name}` (ours)", backends, applicable, violated, *[0] * len(COLUMNS)]


def worst_list(findings: Findings, top: str) -> str:
    """The worst that each newest release does, on any of its backends, in words."""
    lines = []
    for name in findings.releases:
        version = findings.versions(name)[-1]
        shown = {each for cell in findings.of_version(name, version) for each in cell.deviations}
        worst = [each for each in findings.deviations if each in shown][:WORST]
        lines.append(f"The worst of {named(name, version)}:\n\n")
        lines += [f"- {entry_link(each, top)}\n" for each in worst]
        lines.append("\n")
    return "".join(lines)


def index_page(findings: Findings) -> str:
    """docs/results/README.md."""
    return page(
        "Results",
        "What the suite finds on the releases of Dash, Dash Labs and Taipy that `ci/matrix.toml` lists. A violation stands here "
        "only with a program in the [ledger](../../deviations/INDEX.md) that shows it on that release alone.",
        newest_table(findings, ""),
        COUNTED,
        QUESTIONS,
        "## Which release should I use?\n",
        "\n".join(_advice(findings)),
        "## The worst of the newest releases\n",
        worst_list(findings, "../.."),
    )


QUESTIONS = """\
| question | answer |
| --- | --- |
| Which release should I use? | [below](#which-release-should-i-use) |
| What does it do wrong in the feature that I need? | [each release and backend, by feature](features.md) |
| What breaks when I upgrade? | [from each release to the next](upgrades.md), or `callback-conformance findings upgrade dash@2.18.2 dash@4.4.1` |
| "My button stays disabled": is it me? | [what users see, and what causes it](symptoms.md) |
| Is it reported? | [public threads, and what is reported nowhere](upstream.md) |
"""


def _advice(findings: Findings) -> Iterator[str]:
    symptoms = {symptom.name: symptom for symptom in findings.symptoms}
    for name in findings.releases:
        cells = [
            cell
            for version in findings.versions(name)
            for cell in findings.of_version(name, version)
        ]
        heads = ["release", "jobs run on", "requirements that apply", "violated", *COLUMNS.values()]
        rows = [
            [
                named(name, cell.version),
                backend_words(cell),
                len(cell.applicable),
                f"{len(cell.violated)} ({_share(cell)} %)",
                *(len(cell.seen_as(symptoms[each])) for each in COLUMNS),
            ]
            for cell in cells
        ]
        yield f"**{named(name, '').strip()}.** {_smallest_share(cells)}\n"
        yield table(heads, rows)


def _smallest_share(cells: list[RecordedCell]) -> str:
    """A sentence on what sets the cells apart."""
    leaks = min(sum(each.impact == Impact.LEAK for each in cell.deviations) for cell in cells)
    share = min(map(_share, cells))
    best = [cell for cell in cells if _share(cell) == share]
    names = ", ".join(dict.fromkeys(f"{cell.version} on {backend_words(cell)}" for cell in best))
    smallest = (
        f"The smallest share of the requirements that apply, {share} %, is violated by {names}. "
        "A release that offers more has more requirements to keep, so compare shares and not counts."
    )
    if not leaks:
        return smallest
    return f"**No release keeps users apart** ([how](symptoms.md#leak)). {smallest}"


def _share(cell: RecordedCell) -> int:
    """The violated part of what applies, in per cent."""
    return round(100 * len(cell.violated) / len(cell.applicable))
