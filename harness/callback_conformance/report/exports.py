"""The same report for machines, a README, a CI server and badges."""

from __future__ import annotations

import re
import shutil
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path

from callback_conformance.ledger import Deviation
from callback_conformance.report.matrix import CellView, Matrix, Pair, pair_page
from callback_conformance.report.symbols import MatrixSymbol
from callback_conformance.results.json_file import write_json
from callback_conformance.results.matrix_file import (
    SCHEMA_VERSION,
    MatrixReport,
    PublishedCell,
    PublishedDeviation,
    PublishedFailure,
    PublishedRequirement,
    PublishedSpecification,
    PublishedTest,
    write_matrix_report,
)
from callback_conformance.spec import Basis, Requirement

SCHEMA = Path(__file__).with_name("matrix.schema.json")


def write_exports(matrix: Matrix, folder: Path, link: str) -> None:
    """Write ``matrix.json``, ``matrix.md``, ``junit.xml`` and the badges into ``folder``; ``link`` is put before
    the addresses in ``matrix.md``."""
    shutil.copyfile(SCHEMA, folder / SCHEMA.name)
    (folder / "badges").mkdir()
    for cell in matrix.cells:
        write_json(folder / "badges" / f"{cell.slug}.json", badge(cell, matrix))
    write_matrix_report(folder, matrix_report(matrix))
    (folder / "matrix.md").write_text(markdown(matrix, link), encoding="utf-8")
    (folder / "junit.xml").write_text(junit(matrix), encoding="utf-8")


def matrix_report(matrix: Matrix) -> MatrixReport:
    """The report as data; ``matrix.schema.json`` describes it."""
    specification = matrix.specification
    return MatrixReport(
        schema_version=SCHEMA_VERSION,
        specification=PublishedSpecification(
            hash=specification.hash,
            chapters={str(number): title for number, title in specification.chapters.items()},
            requirements={each.id: _requirement(each) for each in matrix.requirements},
        ),
        cells=tuple(map(_cell, matrix.cells)),
        deviations={id: _deviation(entry) for id, entry in matrix.ledger.items()},
    )


def _requirement(requirement: Requirement) -> PublishedRequirement:
    return PublishedRequirement(
        chapter=requirement.chapter,
        level=requirement.level,
        sentence=requirement.plain,
        dialects=requirement.dialects,
        source=requirement.source,
        basis=requirement.basis,
    )


def _deviation(entry: Deviation) -> PublishedDeviation:
    return PublishedDeviation(
        title=entry.title,
        release=entry.release,
        versions=entry.versions,
        verified=entry.verified,
        impact=entry.impact,
        cause=entry.cause,
        upstream=entry.upstream,
    )


def _cell(cell: CellView) -> PublishedCell:
    counts = cell.counts([pair.requirement for pair in cell.pairs.values()])
    return PublishedCell(
        id=cell.id,
        release=cell.spec.release,
        implementation=cell.implementation,
        version=cell.version or None,
        dialect=cell.spec.dialect,
        backend=cell.spec.backend,
        driver=cell.spec.driver,
        versions=dict(cell.versions),
        state=cell.state,
        reason=cell.reason or None,
        started=cell.started or None,
        seconds=cell.seconds,
        command=cell.command or None,
        specification=cell.specification,
        page=f"cells/{cell.slug}.html",
        counts={symbol.words: counts[symbol] for symbol in MatrixSymbol if counts[symbol]},
        verdicts={id: pair.symbol.verdict for id, pair in cell.pairs.items()},
        reasons={id: pair.reason for id, pair in cell.pairs.items() if pair.reason},
        failing={pair.requirement.id: _failing(cell, pair) for pair in cell.failing},
        observations=dict(sorted(cell.observations.items())),
        violated_by_basis={str(basis): n for basis, n in cell.violated_by_basis.items()},
    )


def _failing(cell: CellView, pair: Pair) -> PublishedFailure:
    return PublishedFailure(
        page=pair_page(cell, pair.requirement),
        deviations=pair.deviations,
        tests=tuple(
            PublishedTest(
                name=test.case.name,
                outcome=test.case.outcome,
                message=test.case.message,
                deviation=test.case.deviation,
                command=test.failure.command or None,
            )
            for test in pair.tests
        ),
    )


def badge(cell: CellView, matrix: Matrix) -> dict[str, object]:
    """What shields.io needs to draw a badge of a cell (its endpoint schema)."""
    counts = cell.counts(matrix.requirements)
    whole = counts.total() - counts[MatrixSymbol.NOT_APPLICABLE] - counts[MatrixSymbol.NOT_SELECTED]
    message = f"{counts[MatrixSymbol.VERIFIED]}/{whole} verified" if cell.ran else cell.state
    return {"schemaVersion": 1, "label": cell.title, "message": message, "color": _colour(counts)}


def _colour(counts: Counter[MatrixSymbol]) -> str:
    bad = counts[MatrixSymbol.VIOLATED] + counts[MatrixSymbol.NOT_DECIDED]
    if counts[MatrixSymbol.VIOLATED_NEW]:
        return "red"
    if counts[MatrixSymbol.NOT_RUN] or not counts[MatrixSymbol.VERIFIED]:
        return "lightgrey"
    if not bad:
        return "brightgreen"
    return "yellow" if bad * 5 < counts[MatrixSymbol.VERIFIED] else "orange"


def markdown(matrix: Matrix, link: str) -> str:
    """A table of cells: how many requirements have which verdict, and on what the violated ones rest."""
    symbols = [s for s in MatrixSymbol if any(_counts(cell, matrix)[s] for cell in matrix.cells)]
    bases = [b for b in Basis if any(b in cell.violated_by_basis for cell in matrix.cells)]
    base = f"{link.rstrip('/')}/" if link else ""
    headings = [f"{s.symbol} {s.words}" for s in symbols] + [f"✗ by {basis}" for basis in bases]
    lines = [f"| cell | {' | '.join(headings)} |", "|---|" + "--:|" * len(headings)]
    for cell in matrix.cells:
        counts = _counts(cell, matrix)
        name = f"[{_plain(cell.title)}]({base}cells/{cell.slug}.html)"
        if not cell.ran:
            name += f" ({_plain(cell.state)})"
        numbers = [counts[s] for s in symbols] + [cell.violated_by_basis.get(b, 0) for b in bases]
        lines.append(f"| {name} | {' | '.join(str(number or '') for number in numbers)} |")
    return "\n".join(lines) + "\n"


def _counts(cell: CellView, matrix: Matrix) -> Counter[MatrixSymbol]:
    return cell.counts(matrix.requirements)


def _plain(text: str) -> str:
    """Text that Markdown leaves as it is, on one line of a table."""
    return re.sub(r"([\\`*_\[\]<>|])", r"\\\1", " ".join(text.split()))


def junit(matrix: Matrix) -> str:
    """JUnit's XML: a suite for each cell, a case for each requirement. A known violation is skipped, as pytest
    does with an expected failure, so that what is red is news."""
    suites = ElementTree.Element("testsuites", name="conformance")
    for cell in matrix.cells:
        counts = _counts(cell, matrix)
        cases = [
            pair for pair in cell.pairs.values() if pair.symbol is not MatrixSymbol.NOT_APPLICABLE
        ]
        suite = ElementTree.SubElement(
            suites,
            "testsuite",
            name=cell.title,
            tests=str(len(cases)),
            failures=str(counts[MatrixSymbol.VIOLATED_NEW]),
            errors=str(counts[MatrixSymbol.NOT_DECIDED] + counts[MatrixSymbol.NOT_RUN]),
            skipped=str(counts[MatrixSymbol.VIOLATED] + counts[MatrixSymbol.NOT_SELECTED]),
            time=f"{cell.seconds or 0:.1f}",
        )
        for pair in cases:
            _case(suite, cell, pair)
    ElementTree.indent(suites, " ")
    text = ElementTree.tostring(suites, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'


_KINDS = {
    MatrixSymbol.VIOLATED_NEW: "failure",
    MatrixSymbol.NOT_DECIDED: "error",
    MatrixSymbol.NOT_RUN: "error",
    MatrixSymbol.VIOLATED: "skipped",
    MatrixSymbol.NOT_SELECTED: "skipped",
}


def _case(suite: ElementTree.Element, cell: CellView, pair: Pair) -> None:
    name = f"{pair.requirement.id}: {pair.requirement.plain}"
    case = ElementTree.SubElement(suite, "testcase", classname=cell.id, name=_xml(name))
    if kind := _KINDS.get(pair.symbol):
        why = ", ".join(pair.deviations) or cell.reason or pair.symbol.words
        outcome = ElementTree.SubElement(case, kind, message=_xml(f"{pair.symbol.words}: {why}"))
        outcome.text = _xml(
            "\n\n".join(f"{test.case.name}\n{test.case.message}" for test in pair.tests)
        )


def _xml(text: str) -> str:
    """Text without the characters that XML has no way to write."""
    return re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)
