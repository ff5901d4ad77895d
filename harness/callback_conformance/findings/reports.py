"""docs/results/symptoms.md and upstream.md: from what a user sees, or from a public thread, to an entry of the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from callback_conformance.findings.markdown import (
    TOP,
    entry_link,
    escaped,
    named,
    page,
    table,
    thread_link,
)
from callback_conformance.findings.recorded import Findings
from callback_conformance.ledger import Deviation


def symptoms_page(findings: Findings) -> str:
    """What users see, and the entries that look like it."""
    listed = {id for symptom in findings.symptoms for id in symptom.deviations}
    rest = [each for each in findings.deviations if each.id not in listed]
    contents = "".join(
        f"- [{symptom.title}](#{symptom.name}): {symptom.words}\n" for symptom in findings.symptoms
    )
    sections = [
        f'## {symptom.title}\n\n<a id="{symptom.name}"></a>Also looked for as: {symptom.words}.\n\n'
        + _table(findings, symptom.deviations)
        for symptom in findings.symptoms
    ]
    if rest:
        sections.append(f"## Something else\n\n{_table(findings, [each.id for each in rest])}")
    return page(
        "What a user sees, and what causes it",
        "Find what you see, then the entry that fits your release: it says why, and has a program that shows it. "
        "`callback-conformance ledger show ID` prints an entry, `callback-conformance ledger run ID` tries it on your version.",
        contents,
        *sections,
    )


def _table(findings: Findings, ids: Iterable[str]) -> str:
    chosen = set(ids)
    return table(
        ["what happens", "in", "in the newest", "impact", "cause"],
        (
            [
                entry_link(each),
                f"{named(each.release, '').strip()} {each.versions}",
                "yes" if is_in_newest(findings, each) else "no",
                each.impact,
                escaped(each.fault.title) + _workaround(each),
            ]
            for each in findings.deviations
            if each.id in chosen
        ),
    )


def _workaround(deviation: Deviation) -> str:
    fault = deviation.fault
    file = f"{TOP}/deviations/{deviation.release}/{fault.slug}/fault.toml"
    return f" ([workaround]({file}))" if fault.workaround else ""


def is_in_newest(findings: Findings, deviation: Deviation) -> bool:
    """True where the newest version that the matrix lists has the deviation."""
    return deviation.occurs_in(findings.versions(deviation.release)[-1])


def upstream_page(findings: Findings) -> str:
    """Public threads, and what is reported nowhere."""
    unreported = [
        each for each in findings.deviations if not each.upstream and is_in_newest(findings, each)
    ]
    return page(
        "Public threads",
        "Threads about a deviation or about its cause. Whether a thread is open or closed, only the program decides whether the "
        "release still has the deviation.",
        "## The newest release still has it\n",
        _threads(findings, still=True),
        "## A later release does not have it any more\n",
        _threads(findings, still=False),
        "## In the newest release, and reported nowhere that we know of\n",
        "`callback-conformance ledger issue FAULT` prints a report of a whole fault, ready to be filed.",
        "".join(_by_fault(unreported)),
    )


def _threads(findings: Findings, still: bool) -> str:
    rows = sorted(
        (
            thread,
            entry_link(each),
            f"{named(each.release, '').strip()} {each.versions}",
            each.impact,
        )
        for each in findings.deviations
        for thread in each.upstream
        if is_in_newest(findings, each) == still
    )
    return table(
        ["thread", "what happens", "in", "impact"],
        ([thread_link(thread), *rest] for thread, *rest in rows),
    )


def _by_fault(entries: list[Deviation]) -> Iterator[str]:
    for slug in dict.fromkeys((each.release, each.fault.slug) for each in entries):
        several = [each for each in entries if (each.release, each.fault.slug) == slug]
        fault = several[0].fault
        yield f"- {named(slug[0], '').strip()}: **{fault.title}** (`{fault.slug}`)\n"
        yield from (f"  - {entry_link(each)} ({each.impact})\n" for each in several)
