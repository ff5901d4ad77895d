"""How the five documents map to SPEC.md: each statement to ids, or to the reason why it states no behaviour.

``traceability.toml`` holds a row for each statement: its ordinal, the hash of its text, its kind, and the ids or the
reason. The texts are not in the repository; ``python -m tools.traceability FOLDER`` compares the table with the
documents in a folder, and ``--show`` prints each text beside its row.
"""

from __future__ import annotations

import argparse
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from callback_conformance.spec import specification as spec
from callback_conformance.spec.specification import Specification
from tools import sources
from tools.sources import Statement

TABLE = Path(__file__).with_name("traceability.toml")
OPENINGS = ("Long-running Callbacks", "Long running Callbacks", "Long Callbacks")
BESIDE = frozenset({"conflict"})  # may stand beside ids, which then hold one part

_CITATION = re.compile(r'([a-z-]+) ((?:"[^"]+"(?:, )?)+)')
_HEADING = re.compile(r'"([^"]+)"')
_ID = re.compile(r"[A-Z]+-\d+")


@dataclass(frozen=True)
class Row:
    """How one statement maps to SPEC.md: ``words`` are ids, one reason, or ids beside those of ``BESIDE``."""

    document: str
    ordinal: int
    hash: str
    kind: str
    words: tuple[str, ...]

    @property
    def ids(self) -> frozenset[str]:
        """The requirements that hold the statement."""
        return frozenset(word for word in self.words if _ID.fullmatch(word))

    @property
    def reasons(self) -> frozenset[str]:
        """Why no requirement holds it."""
        return frozenset(self.words) - self.ids


@dataclass(frozen=True)
class Table:
    """All rows, and the reasons (word to explanation) that they may give."""

    reasons: Mapping[str, str]
    rows: tuple[Row, ...]

    def of_document(self, name: str) -> tuple[Row, ...]:
        """The rows of one document, in order."""
        return tuple(row for row in self.rows if row.document == name)


def load(text: str) -> Table:
    """Read the text of ``traceability.toml``."""
    data = tomllib.loads(text)
    reasons = data.pop("reasons")
    rows = tuple(
        Row(document, int(ordinal), hash, kind, tuple(words))
        for document, statements in data.items()
        for ordinal, (hash, kind, *words) in statements.items()
    )
    return Table(reasons, rows)


def citations(specification: Specification) -> dict[tuple[str, str], tuple[str, ...]]:
    """Each document and heading that SPEC.md cites, and the requirements that cite it."""
    cited: dict[tuple[str, str], tuple[str, ...]] = {}
    for requirement in specification.requirements.values():
        for document, headings in _CITATION.findall(requirement.source):
            for heading in _HEADING.findall(headings):
                place = (document, heading)
                cited[place] = (*cited.get(place, ()), requirement.id)
    return cited


def faults(table: Table, specification: Specification) -> list[str]:
    """What is wrong with the table, as far as it shows without the documents."""
    cited = citations(specification)
    problems = [fault for row in table.rows for fault in _row_faults(row, table, specification)]
    for name in sources.NAMES:
        rows = table.of_document(name)
        if [row.ordinal for row in rows] != list(range(1, len(rows) + 1)) or not rows:
            problems.append(f"{name}: its ordinals do not count from 1 without a gap")
        named = {id for row in rows for id in row.ids}
        citing = {id for (document, _), ids in cited.items() if document == name for id in ids}
        problems += [
            f"{name}: {id} cites it, and no row names {id}" for id in sorted(citing - named)
        ]
        problems += [
            f"{name}: {id} is named, and does not cite it" for id in sorted(named - citing)
        ]
    return problems


def _row_faults(row: Row, table: Table, specification: Specification) -> Iterator[str]:
    place = f"{row.document} {row.ordinal}"
    if row.document not in sources.NAMES or row.kind not in sources.KINDS:
        yield f"{place}: unknown document or kind {row.kind!r}"
    if unknown := row.ids - set(specification.requirements):
        yield f"{place}: unknown ids {', '.join(sorted(unknown))}"
    if unknown := row.reasons - set(table.reasons):
        yield f"{place}: unknown reasons {', '.join(sorted(unknown))}"
    if not row.words or (row.reasons - BESIDE if row.ids else len(row.reasons) > 1):
        yield f"{place}: expected ids or one reason, found {' '.join(row.words) or 'nothing'}"


def differences(
    table: Table, specification: Specification, texts: Mapping[str, tuple[Statement, ...]]
) -> list[str]:
    """Where the table and the citations of SPEC.md do not fit the documents."""
    problems: list[str] = []
    for name, statements in texts.items():
        rows = {row.ordinal: row for row in table.of_document(name)}
        for statement in statements:
            row = rows.pop(statement.ordinal, None)
            if row is None:
                problems.append(f"{name} {statement.ordinal}: unmapped: {statement.text[:70]!r}")
            elif (row.hash, row.kind) != (statement.hash, statement.kind):
                problems.append(
                    f"{name} {statement.ordinal}: stale: it is now {statement.hash} {statement.text[:70]!r}"
                )
        problems += [f"{name} {ordinal}: the document has no such statement" for ordinal in rows]
    for (name, heading), ids in citations(specification).items():
        under = {
            statement.ordinal
            for statement in texts.get(name, ())
            if _stands_under(statement, heading)
        }
        rows_there = [row for row in table.of_document(name) if row.ordinal in under]
        named = {id for row in rows_there for id in row.ids}
        problems += [
            f'{name}: {id} cites "{heading}", where no row names it'
            for id in ids
            if id not in named
        ]
    return problems


def _stands_under(statement: Statement, heading: str) -> bool:
    if heading in OPENINGS:
        return statement.section.lower() in ("", heading.lower())
    return statement.section.split(":")[0] == heading


def show(table: Table, texts: Mapping[str, tuple[Statement, ...]]) -> Iterator[str]:
    """Each statement of the documents beside its row, for a reader."""
    for name, statements in texts.items():
        words = {row.ordinal: " ".join(row.words) for row in table.of_document(name)}
        for statement in statements:
            yield f"{name} {statement.ordinal} {statement.kind} [{words.get(statement.ordinal, '')}]\n{statement.text}\n"


def main() -> None:
    """Print what is unmapped, stale or unknown; exit with 1 if anything is."""
    parser = argparse.ArgumentParser(prog="python -m tools.traceability", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the five documents are")
    parser.add_argument("--show", action="store_true", help="print each text beside its row")
    arguments = parser.parse_args()
    specification = spec.parse(spec.SPEC.read_text(encoding="utf-8"))
    table = load(TABLE.read_text(encoding="utf-8"))
    try:
        texts = sources.load(arguments.folder)
    except sources.UnreadableDocument as error:
        parser.error(str(error))
    if arguments.show:
        print("\n".join(show(table, texts)))
    problems = faults(table, specification) + differences(table, specification, texts)
    print("\n".join(problems) or f"{len(table.rows)} statements: each has its row")
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
