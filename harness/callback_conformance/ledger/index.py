"""The index of the ledger, ``deviations/INDEX.md``: by release, by fault, each entry with its versions."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from pathlib import Path

from callback_conformance.ledger.entries import (
    LEDGER,
    Deviation,
    Fault,
    Impact,
    read_ledger,
)

NAME = "INDEX.md"

HEAD = """\
# Index of deviations

Generated from the entries; do not edit. {entries} entries show {faults} faults. [README.md](README.md) says how to read
and how to run them. By impact: {impacts}.
"""


def index_text(deviations: list[Deviation]) -> str:
    """Return the index of these entries as Markdown. They are sorted by release and fault, as they are read."""
    faults = {(deviation.release, deviation.fault.slug) for deviation in deviations}
    counts = Counter(deviation.impact for deviation in deviations)
    impacts = ", ".join(f"{counts[impact]} {impact}" for impact in Impact)
    parts = [HEAD.format(entries=len(deviations), faults=len(faults), impacts=impacts)]
    for release, of_release in groupby(deviations, key=lambda deviation: deviation.release):
        parts.append(f"\n## {release}\n")
        for fault, of_fault in groupby(of_release, key=lambda deviation: deviation.fault):
            parts.append(_fault_text(release, fault, list(of_fault)))
    return "".join(parts)


def _fault_text(release: str, fault: Fault, deviations: list[Deviation]) -> str:
    lines = [f"\n### {fault.title}\n\n{fault.cause}\n\n"]
    for deviation in deviations:
        link = f"{release}/{fault.slug}/{deviation.id}.md"
        lines.append(
            f"- [{deviation.id}]({link}) ({deviation.versions}; {deviation.impact}): {deviation.title}\n"
        )
    return "".join(lines)


def index_is_current(folder: Path = LEDGER) -> bool:
    """True if the index says what the entries say."""
    file = folder / NAME
    return file.exists() and file.read_text(encoding="utf-8") == index_text(read_ledger(folder))


def write_index(folder: Path = LEDGER) -> Path:
    """Write the index anew, and return its file."""
    file = folder / NAME
    file.write_text(index_text(read_ledger(folder)), encoding="utf-8")
    return file
