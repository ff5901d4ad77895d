"""What changes from one release to another, without a run: docs/results/upgrades.md, and ``findings upgrade``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from callback_conformance.findings.markdown import entry_list, named, page
from callback_conformance.findings.recorded import Findings, RecordedCell
from callback_conformance.ledger import Deviation


class UnknownRelease(LookupError):
    """The matrix has no such release; the message names those that it has."""


@dataclass(frozen=True)
class Upgrade:
    """What an upgrade changes, where both releases have the same dialect and backend."""

    variants: tuple[str, ...]
    appears: tuple[Deviation, ...]
    goes: tuple[Deviation, ...]
    #: The requirements that apply to the newer release only, and those of them that it violates.
    offered: tuple[str, ...]
    offered_violated: tuple[str, ...]
    #: Dialects that the newer release no longer has.
    dropped: tuple[str, ...]


def upgrade(
    findings: Findings, old: Sequence[RecordedCell], new: Sequence[RecordedCell]
) -> Upgrade:
    """Compare two releases in the dialects and on the backends that both have in the matrix."""
    before = {cell.spec.variant: cell for cell in old}
    pairs = [(before[cell.spec.variant], cell) for cell in new if cell.spec.variant in before]
    had = {each for cell, _ in pairs for each in cell.deviations}
    has = {each for _, cell in pairs for each in cell.deviations}
    applied = {requirement.id for cell, _ in pairs for requirement in cell.applicable}
    applies = {requirement.id for _, cell in pairs for requirement in cell.applicable}
    violated = {id for _, cell in pairs for id in cell.violated}
    ids = findings.specification.requirements
    dialects = {cell.spec.dialect for cell in new}
    return Upgrade(
        variants=tuple(f"{cell.spec.dialect} on {cell.spec.backend}" for _, cell in pairs),
        appears=tuple(each for each in findings.deviations if each in has - had),
        goes=tuple(each for each in findings.deviations if each in had - has),
        offered=tuple(id for id in ids if id in applies - applied),
        offered_violated=tuple(id for id in ids if id in (applies - applied) & violated),
        dropped=tuple(sorted({cell.spec.dialect for cell in old} - dialects)),
    )


def of_releases(findings: Findings, old: str, new: str) -> Upgrade:
    """Compare two releases, each as NAME@VERSION. Raises UnknownRelease."""
    cells = []
    for release in (old, new):
        cells.append([cell for cell in findings.cells if cell.spec.release == release])
        if not cells[-1]:
            releases = dict.fromkeys(cell.spec.release for cell in findings.cells)
            raise UnknownRelease(
                f"the matrix has no release {release!r}; choose from {', '.join(releases)}"
            )
    compared = upgrade(findings, *cells)
    if not compared.variants:
        raise UnknownRelease(f"{old} and {new} have no dialect and backend in common in the matrix")
    return compared


def upgrades_page(findings: Findings) -> str:
    """From each version to the next, and to the newest."""
    return page(
        "What changes from release to release",
        "Compared in the same dialect on the same backend. *Appears* and *goes* name what users see; a requirement that newly "
        "applies is of something that the older release did not offer. For any two releases of the matrix:\n\n"
        "    callback-conformance findings upgrade dash@2.18.2 dash@4.4.1\n",
        *_sections(findings),
    )


def _sections(findings: Findings) -> Iterator[str]:
    for name in findings.releases:
        versions = findings.versions(name)
        yield f"## {named(name, '').strip()}\n"
        steps = list(pairwise(versions))
        jumps = [(version, versions[-1]) for version in versions[:-2]]
        for old, new in [*steps, *reversed(jumps)]:
            compared = upgrade(
                findings, findings.of_version(name, old), findings.of_version(name, new)
            )
            yield f"### {old} to {new}\n\n{_text(compared)}"


def _text(compared: Upgrade) -> str:
    if not compared.variants:
        return "They have no dialect and backend in common in the matrix.\n"
    parts = [f"In {', '.join(compared.variants)}.\n"]
    if compared.dropped:
        parts.append(f"No longer offered: {', '.join(f'`{each}`' for each in compared.dropped)}.\n")
    if compared.appears:
        parts.append(f"**Appears:**\n\n{entry_list(compared.appears)}")
    if compared.goes:
        parts.append(f"**Goes:**\n\n{entry_list(compared.goes)}")
    if compared.offered:
        violated = ", ".join(compared.offered_violated) or "none"
        parts.append(
            f"Requirements that newly apply: {', '.join(compared.offered)}; violated: {violated}.\n"
        )
    if not (compared.appears or compared.goes or compared.offered or compared.dropped):
        parts.append("Nothing changes in what the suite looks at.\n")
    return "\n".join(parts)


def upgrade_lines(compared: Upgrade) -> Iterator[str]:
    """The same for a terminal."""
    yield f"compared in {', '.join(compared.variants)}"
    if compared.dropped:
        yield f"no longer offered: {', '.join(compared.dropped)}"
    for head, entries in (("appears", compared.appears), ("goes", compared.goes)):
        yield f"{head}: {len(entries) or 'nothing'}"
        for each in entries:
            yield f"  {each.title} ({each.impact}; {each.id})"
    yield f"requirements that newly apply: {', '.join(compared.offered) or 'none'}"
    if compared.offered_violated:
        yield f"of these violated: {', '.join(compared.offered_violated)}"
