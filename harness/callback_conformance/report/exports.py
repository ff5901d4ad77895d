"""The same report for machines, a README, a CI server and badges."""

from __future__ import annotations

import json
import re
import shutil
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path
from typing import Any

from callback_conformance.ledger import Deviation
from callback_conformance.report.matrix import Column, Mark, Matrix, Pair, pair_page
from callback_conformance.spec.specification import Requirement

SCHEMA = Path(__file__).with_name("matrix.schema.json")


def write_exports(matrix: Matrix, place: Path, link: str) -> None:
    """Write ``matrix.json``, ``matrix.md``, ``junit.xml`` and the badges into ``place``; ``link`` stands before
    the addresses in ``matrix.md``."""
    shutil.copyfile(SCHEMA, place / SCHEMA.name)
    (place / "badges").mkdir()
    for column in matrix.columns:
        _json(place / "badges" / f"{column.slug}.json", badge(column, matrix))
    _json(place / "matrix.json", data(matrix))
    (place / "matrix.md").write_text(markdown(matrix, link), encoding="utf-8")
    (place / "junit.xml").write_text(junit(matrix), encoding="utf-8")


def _json(file: Path, value: object) -> None:
    file.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def data(matrix: Matrix) -> dict[str, Any]:
    """The report as data; ``matrix.schema.json`` describes it."""
    found = matrix.specification
    return {
        "schemaVersion": 1,
        "specification": {
            "hash": found.hash,
            "chapters": {str(number): title for number, title in found.chapters.items()},
            "requirements": {one.id: _requirement(one) for one in matrix.requirements},
        },
        "cells": [_cell(column) for column in matrix.columns],
        "deviations": {one.id: _deviation(one) for one in matrix.ledger.values()},
    }


def _requirement(one: Requirement) -> dict[str, Any]:
    return {
        "chapter": one.chapter,
        "level": one.level,
        "sentence": one.plain,
        "dialects": list(one.dialects),
        "source": one.source,
    }


def _deviation(one: Deviation) -> dict[str, Any]:
    return {
        "title": one.title,
        "release": one.release,
        "versions": one.versions,
        "verified": list(one.verified),
        "upstream": one.upstream or None,
    }


def _cell(column: Column) -> dict[str, Any]:
    counts = column.counts([pair.requirement for pair in column.pairs.values()])
    return {
        "id": column.id,
        "asked": column.asked,
        "implementation": column.implementation,
        "version": column.version or None,
        "dialect": column.dialect,
        "backend": column.backend,
        "driver": column.driver,
        "versions": dict(column.versions),
        "state": column.state,
        "reason": column.reason or None,
        "started": column.started or None,
        "seconds": column.seconds,
        "command": column.command or None,
        "specification": column.specification,
        "page": f"cells/{column.slug}.html",
        "counts": {one.words: counts[one] for one in Mark if counts[one]},
        "verdicts": {id: pair.mark.words for id, pair in column.pairs.items()},
        "reasons": {id: pair.reason for id, pair in column.pairs.items() if pair.reason},
        "failing": {pair.requirement.id: _failing(column, pair) for pair in column.failing},
        "census": dict(sorted(column.census.items())),
    }


def _failing(column: Column, pair: Pair) -> dict[str, Any]:
    return {
        "page": pair_page(column, pair.requirement),
        "deviations": list(pair.deviations),
        "tests": [
            {
                "name": test.name,
                "outcome": test.outcome,
                "message": test.message,
                "deviation": test.deviation or None,
                "command": test.failure.get("command"),
            }
            for test in pair.tests
        ],
    }


def badge(column: Column, matrix: Matrix) -> dict[str, Any]:
    """What shields.io needs to draw a badge of a cell (its endpoint schema)."""
    counts = column.counts(matrix.requirements)
    whole = counts.total() - counts[Mark.NOT_APPLICABLE] - counts[Mark.NOT_SELECTED]
    told = f"{counts[Mark.VERIFIED]}/{whole} verified" if column.ran else column.state
    return {"schemaVersion": 1, "label": column.title, "message": told, "color": _colour(counts)}


def _colour(counts: Counter[Mark]) -> str:
    bad = counts[Mark.VIOLATED] + counts[Mark.NOT_DECIDED]
    if counts[Mark.NEW]:
        return "red"
    if counts[Mark.NOT_RUN] or not counts[Mark.VERIFIED]:
        return "lightgrey"
    if not bad:
        return "brightgreen"
    return "yellow" if bad * 5 < counts[Mark.VERIFIED] else "orange"


def markdown(matrix: Matrix, link: str) -> str:
    """A table of cells and how many requirements have which verdict."""
    marks = [one for one in Mark if any(_counts(c, matrix)[one] for c in matrix.columns)]
    base = f"{link.rstrip('/')}/" if link else ""
    lines = [
        "| cell | " + " | ".join(f"{one.symbol} {one.words}" for one in marks) + " |",
        "|---|" + "--:|" * len(marks),
    ]
    for column in matrix.columns:
        counts = _counts(column, matrix)
        name = f"[{_plain(column.title)}]({base}cells/{column.slug}.html)"
        if not column.ran:
            name += f" ({_plain(column.state)})"
        lines.append(f"| {name} | " + " | ".join(str(counts[m] or "") for m in marks) + " |")
    return "\n".join(lines) + "\n"


def _counts(column: Column, matrix: Matrix) -> Counter[Mark]:
    return column.counts(matrix.requirements)


def _plain(text: str) -> str:
    """Text that Markdown leaves as it is, on one line of a table."""
    return re.sub(r"([\\`*_\[\]<>|])", r"\\\1", " ".join(text.split()))


def junit(matrix: Matrix) -> str:
    """JUnit's XML: a suite for each cell, a case for each requirement. A known violation is skipped, as pytest
    does with an expected failure, so that what is red is news."""
    suites = ElementTree.Element("testsuites", name="conformance")
    for column in matrix.columns:
        counts = _counts(column, matrix)
        cases = [pair for pair in column.pairs.values() if pair.mark is not Mark.NOT_APPLICABLE]
        suite = ElementTree.SubElement(
            suites,
            "testsuite",
            name=column.title,
            tests=str(len(cases)),
            failures=str(counts[Mark.NEW]),
            errors=str(counts[Mark.NOT_DECIDED] + counts[Mark.NOT_RUN]),
            skipped=str(counts[Mark.VIOLATED] + counts[Mark.NOT_SELECTED]),
            time=f"{column.seconds or 0:.1f}",
        )
        for pair in cases:
            _case(suite, column, pair)
    ElementTree.indent(suites, " ")
    text = ElementTree.tostring(suites, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'


_KINDS = {
    Mark.NEW: "failure",
    Mark.NOT_DECIDED: "error",
    Mark.NOT_RUN: "error",
    Mark.VIOLATED: "skipped",
    Mark.NOT_SELECTED: "skipped",
}


def _case(suite: ElementTree.Element, column: Column, pair: Pair) -> None:
    name = f"{pair.requirement.id}: {pair.requirement.plain}"
    case = ElementTree.SubElement(suite, "testcase", classname=column.id, name=_xml(name))
    if kind := _KINDS.get(pair.mark):
        why = ", ".join(pair.deviations) or column.reason or pair.mark.words
        found = ElementTree.SubElement(case, kind, message=_xml(f"{pair.mark.words}: {why}"))
        found.text = _xml("\n\n".join(f"{test.name}\n{test.message}" for test in pair.tests))


def _xml(text: str) -> str:
    """Text without the characters that XML has no way to write."""
    return re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)
