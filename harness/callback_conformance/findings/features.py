"""docs/results/features.md: each release and backend by feature, which is a chapter of SPEC.md."""

from __future__ import annotations

from itertools import groupby

from callback_conformance.findings.markdown import TOP, entry_list, named, page, table
from callback_conformance.findings.recorded import Findings, RecordedCell


def features_page(findings: Findings) -> str:
    """The tables, then what the newest releases do in each chapter."""
    releases = [cell for cell in findings.cells if "@" in cell.spec.release]
    ordered = sorted(releases, key=_group)  # keeps the order of versions within a group
    tables = [
        f"## {named(name, '').strip()}, `{dialect}`\n\n{_table(findings, list(cells))}"
        for (name, dialect), cells in groupby(ordered, key=_group)
    ]
    return page(
        "Releases and backends, by feature",
        "**3 of 12** means that twelve requirements of the chapter apply, of which the release violates three; **✓ 12** that it "
        "violates none; **·** that none applies. The two implementations of this repository violate none.",
        *tables,
        "## What the newest releases do, by feature\n",
        *_by_chapter(findings),
    )


def _group(cell: RecordedCell) -> tuple[str, str]:
    return cell.implementation, cell.spec.dialect


def _table(findings: Findings, cells: list[RecordedCell]) -> str:
    versions = findings.versions(cells[0].implementation)
    cells = sorted(cells, key=lambda cell: versions.index(cell.version))
    backends = {cell.spec.backend for cell in cells}
    heads = [
        cell.version if len(backends) == 1 else f"{cell.version} {cell.spec.backend}"
        for cell in cells
    ]
    rows = [
        [f"[{title}](#chapter-{number})", *(_score(cell, number) for cell in cells)]
        for number, title in findings.specification.chapters.items()
        if findings.specification.of_chapter(number)
    ]
    total = [f"**{_words(len(cell.applicable), len(cell.violated))}**" for cell in cells]
    return table(["feature", *heads], [*rows, ["**all**", *total]])


def _score(cell: RecordedCell, chapter: int) -> str:
    return _words(*cell.of_chapter(chapter))


def _words(applicable: int, violated: int) -> str:
    if not applicable:
        return "·"
    return f"{violated} of {applicable}" if violated else f"✓ {applicable}"


def _by_chapter(findings: Findings) -> list[str]:
    parts = []
    for number, title in findings.specification.chapters.items():
        ids = {requirement.id for requirement in findings.specification.of_chapter(number)}
        shown = {
            each
            for cell in findings.newest
            for id, several in cell.violated.items()
            if id in ids
            for each in several
        }
        entries = entry_list(each for each in findings.deviations if each in shown)
        anchor = f'<a id="chapter-{number}"></a>'
        heading = f"### {number}. {title}\n\n{anchor}[What it requires]({TOP}/SPEC.md)."
        parts.append(f"{heading}\n\n{entries or 'Nothing is known against the newest releases.'}")
    return parts
