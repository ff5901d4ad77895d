"""What the scripts of the pages read: the cells to be compared, and the index of the search. Files, because a page that was
opened from disk may load scripts but no data."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from callback_conformance.findings.recorded import Findings
from callback_conformance.site.addresses import (
    entry_page,
    fault_page,
    release_page,
    requirement_page,
)
from callback_conformance.site.content import Content, Text
from callback_conformance.site.facts import FaultView, Score

#: An item of the search: its kind, its title, its address, and more words.
Item = tuple[str, str, str, str]


def compared(findings: Findings, scores: Iterable[Score]) -> str:
    """What two cells are compared by."""
    numbers = {entry.id: number for number, entry in enumerate(findings.deviations)}
    cells = [
        {
            "slug": score.view.slug,
            "title": score.view.title,
            "percent": score.percent,
            "applies": [requirement.id for requirement in score.cell.applicable],
            "violated": {
                id: [numbers[entry.id] for entry in entries]
                for id, entries in score.cell.violated.items()
            },
        }
        for score in scores
    ]
    entries = [[each.title, each.impact, entry_page(each)] for each in findings.deviations]
    requirements = {id: each.plain for id, each in findings.specification.requirements.items()}
    return _script("compared", {"cells": cells, "entries": entries, "requirements": requirements})


def search_index(
    findings: Findings, faults: Iterable[FaultView], scores: Iterable[Score], content: Content
) -> str:
    """All that can be searched for."""
    items = [
        *_requirements(findings, content),
        *_deviations(findings, faults),
        *_cells(scores),
        *(item for text in content.texts for item in _sections(text)),
        *_symptoms(findings),
    ]
    return _script("searched", [[*item[:3], " ".join(item[3].split())] for item in items])


def _script(name: str, value: object) -> str:
    return f"window.{name} = {json.dumps(value, ensure_ascii=False, separators=(',', ':'))};\n"


def _requirements(findings: Findings, content: Content) -> Iterator[Item]:
    for id, each in findings.specification.requirements.items():
        more = f"{each.intent} {each.source} {findings.specification.chapters[each.chapter]}"
        yield "requirement", f"{id}: {each.plain}", requirement_page(id), more


def _deviations(findings: Findings, faults: Iterable[FaultView]) -> Iterator[Item]:
    words: dict[str, str] = {}
    for symptom in findings.symptoms:
        for id in symptom.deviations:
            words[id] = f"{words.get(id, '')} {symptom.words}"
    for view in faults:
        text = f"{view.release} {view.fault.slug} {view.fault.cause} {' '.join(view.upstream)}"
        yield "fault", view.fault.title, fault_page(view.release, view.fault.slug), text
        for entry in view.entries:
            text = f"{entry.id} {entry.release} {' '.join(entry.upstream)} {words.get(entry.id, '')} {entry.text}"
            yield "deviation", entry.title, entry_page(entry), text


def _cells(scores: Iterable[Score]) -> Iterator[Item]:
    releases = set()
    for score in scores:
        release = score.cell.spec.release
        if "@" in release and release not in releases:
            releases.add(release)
            yield "release", release.replace("@", " "), release_page(release), release
        yield "cell", score.view.title, f"cells/{score.view.slug}.html", release


def _sections(text: Text) -> Iterator[Item]:
    kind = "specification" if text.file == "SPEC.md" else "guide"
    for section in text.prose.sections:
        if not re.fullmatch(r"[A-Z]+-\d+", section.title):  # a requirement has a page of its own
            yield (
                kind,
                f"{section.title} ({text.prose.title})",
                f"{text.page}#{section.id}",
                section.text,
            )


def _symptoms(findings: Findings) -> Iterator[Item]:
    for symptom in findings.symptoms:
        yield (
            "symptom",
            symptom.title.replace("`", ""),
            f"symptoms.html#{symptom.name}",
            symptom.words,
        )
