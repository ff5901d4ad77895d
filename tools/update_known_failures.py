"""What runs on several releases show of the known failures: ``python -m tools.update_known_failures REPORT…``.

Each ``report.json`` is compared with ``conformance/expected/``: an entry whose failure is seen on other versions
than it names is printed with the range that was seen, as far as the ledger says that its deviation occurs;
``--write`` replaces its range by that one. A failure that no entry explains is listed with the versions that show it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from packaging.specifiers import SpecifierSet
from packaging.version import Version

from callback_conformance.adapters import find
from callback_conformance.ledger import LEDGER, read_ledger
from callback_conformance.results.json_file import BadFile
from callback_conformance.results.known_failures import FOLDER, read_failure_tables
from callback_conformance.results.outcome import Outcome
from callback_conformance.results.report_file import CellReport, read_run_report

MESSAGE_CHARACTERS = 150  # of a failure's message, which distinguish it from another


@dataclass(frozen=True)
class SeenTest:
    """What one test showed on one cell."""

    implementation: str
    version: Version
    dialect: str
    backend: str
    requirement: str
    test: str
    #: What the failure says; empty where the test held.
    message: str

    @property
    def names(self) -> set[str]:
        """Its names in an entry: with its parameters, or without them for all cases."""
        return {self.test, self.test.partition("[")[0]}


def seen_tests(cell: CellReport) -> Iterator[SeenTest]:
    """The tests of a cell that were completed on the wire."""
    if cell.cell.driver != "wire":
        return
    version = Version(cell.versions[find(cell.implementation).distributions[0]])
    for id, requirement in cell.requirements.items():
        for case in requirement.tests:
            if case.outcome != Outcome.UNDECIDED:
                message = case.message or "?" if case.outcome == Outcome.VIOLATED else ""
                yield SeenTest(
                    cell.implementation,
                    version,
                    cell.cell.dialect,
                    cell.cell.backend,
                    id,
                    case.name,
                    message,
                )


@dataclass(frozen=True)
class ExpectedEntry:
    """An entry of ``conformance/expected``, and what was seen of its tests."""

    requirement: str
    tests: Sequence[str]
    #: A part of the failure's message.
    seen: str
    #: The versions on which its tests fail, as it is written.
    written: str
    deviation: str
    #: Empty for all.
    dialects: Sequence[str]
    backends: Sequence[str]
    chance: bool
    #: The versions in which its deviation occurs, by the ledger.
    occurs: SpecifierSet
    seen_tests: tuple[SeenTest, ...] = ()

    @property
    def range(self) -> SpecifierSet:
        """The versions on which its tests fail, as it is written."""
        return SpecifierSet(self.written, prereleases=True)

    @property
    def shown(self) -> set[Version]:
        """The versions on which each of its tests fails as it says."""
        return {version for version in self.versions if all(map(self.explains, self._on(version)))}

    @property
    def versions(self) -> list[Version]:
        """The versions that were tested."""
        return sorted({test.version for test in self.seen_tests})

    @property
    def mixed(self) -> set[Version]:
        """The versions on which some of its tests fail as it says, and others do not."""
        some = {test.version for test in self.seen_tests if self.explains(test)}
        return {version for version in some - self.shown if version in self.occurs}

    def is_about(self, test: SeenTest) -> bool:
        """True for one of its tests, where it binds."""
        return (
            test.requirement == self.requirement
            and not test.names.isdisjoint(self.tests)
            and test.dialect in (self.dialects or [test.dialect])
            and test.backend in (self.backends or [test.backend])
        )

    def explains(self, test: SeenTest) -> bool:
        """True when a failure is that of the entry, on a version in which the deviation occurs."""
        return self.is_about(test) and test.version in self.occurs and self.seen in test.message

    @property
    def proposed(self) -> str:
        """The versions that show it, as one specifier, within those of the ledger; empty where none does, or where
        it takes several specifiers."""
        tested = [version for version in self.versions if version in self.occurs]
        runs = [list(run) for _, run in groupby(tested, self.shown.__contains__)]
        shown = [index for index, run in enumerate(runs) if run[0] in self.shown]
        if len(shown) != 1:
            return ""
        before = runs[shown[0] - 1][-1] if shown[0] else None
        after = runs[shown[0] + 1][0] if shown[0] + 1 < len(runs) else None
        first, last = runs[shown[0]][0], runs[shown[0]][-1]
        lower = f">={_short(first, before)}" if before else self._bound(">")
        upper = f"<{_short(after, last)}" if after else self._bound("<")
        return ",".join(bound for bound in (lower, upper) if bound) or str(self.occurs)

    def _bound(self, sign: str) -> str:
        """The ledger's own bound on one side."""
        return ",".join(sorted(str(s) for s in self.occurs if s.operator.startswith(sign)))

    def _on(self, version: Version) -> list[SeenTest]:
        return [test for test in self.seen_tests if test.version == version]

    @property
    def is_right(self) -> bool:
        """True when its range contains the versions that show it, and no other that was tested; where chance
        decides, too few may have been tested."""
        named = {version for version in self.versions if version in self.range}
        return self.shown <= named if self.chance else named == self.shown


def _short(version: Version, neighbour: Version) -> str:
    """``2.16`` for 2.16.1, unless the neighbour is a 2.16 too."""
    same = version.release[:2] == neighbour.release[:2]
    return str(version) if same else ".".join(map(str, version.release[:2]))


def entries(name: str, tests: Sequence[SeenTest]) -> list[ExpectedEntry]:
    """The entries of an implementation, each with what was seen of its tests where it binds."""
    ledger = {entry.id: entry for entry in read_ledger(LEDGER)}
    read = []
    for table in read_failure_tables(name):
        deviation = str(table["deviation"])
        entry = ExpectedEntry(
            requirement=str(table["requirement"]),
            tests=_words(table, "tests"),
            seen=str(table["seen"]),
            written=str(table["versions"]),
            deviation=deviation,
            dialects=_words(table, "dialects"),
            backends=_words(table, "backends"),
            chance=bool(table.get("chance")),
            occurs=SpecifierSet(ledger[deviation].versions, prereleases=True),
        )
        read.append(replace(entry, seen_tests=tuple(filter(entry.is_about, tests))))
    return [_without_others(entry, read) for entry in read]


def _words(table: dict[str, object], name: str) -> list[str]:
    words = table.get(name, [])
    assert isinstance(words, list)
    return words


def _without_others(entry: ExpectedEntry, everything: Sequence[ExpectedEntry]) -> ExpectedEntry:
    """Without the failures that another entry explains already."""
    others = [other for other in everything if other is not entry]
    own = tuple(
        test
        for test in entry.seen_tests
        if test.version in entry.range
        or not any(test.version in other.range and other.explains(test) for other in others)
    )
    return replace(entry, seen_tests=own)


def unexplained(tests: Sequence[SeenTest], everything: Sequence[ExpectedEntry]) -> Iterator[str]:
    """The failures that no entry explains; those with the same message in one line."""
    new = [t for t in tests if t.message and not any(entry.explains(t) for entry in everything)]

    def key(test: SeenTest) -> tuple[str, str, str]:
        message = " ".join(test.message.split())[:MESSAGE_CHARACTERS]
        return test.requirement, test.test, message

    for (requirement, name, message), group in groupby(sorted(new, key=key), key):
        yield f"{requirement} {name}\n    {message}\n    on {_where(list(group))}"


def _where(tests: Collection[SeenTest]) -> str:
    versions: dict[tuple[str, str], set[Version]] = {}
    for test in tests:
        versions.setdefault((test.dialect, test.backend), set()).add(test.version)
    return "; ".join(
        f"{dialect} {backend}: {', '.join(map(str, sorted(versions[dialect, backend])))}"
        for dialect, backend in sorted(versions)
    )


def write(name: str, everything: Sequence[ExpectedEntry]) -> None:
    """Replace the ranges that are wrong by those that were seen."""
    file = FOLDER / f"{name}.toml"
    head, *parts = file.read_text(encoding="utf-8").split("[[failure]]\n")
    for index, entry in enumerate(everything):
        if entry.versions and entry.shown and not entry.is_right and entry.proposed:
            older, newer = f'versions = "{entry.written}"', f'versions = "{entry.proposed}"'
            parts[index] = parts[index].replace(older, newer, 1)
    file.write_text("[[failure]]\n".join((head, *parts)), encoding="utf-8")


def main(arguments: Sequence[str]) -> int:
    """Print what the reports show; 1 if an entry needs a change or a failure is not explained."""
    parser = argparse.ArgumentParser(prog="python -m tools.update_known_failures")
    parser.add_argument("reports", nargs="+", type=Path, help="report.json of whole runs")
    parser.add_argument("--write", action="store_true", help="correct the ranges in the files")
    options = parser.parse_args(arguments)
    try:
        cells = [cell for report in options.reports for cell in read_run_report(report).cells]
    except BadFile as error:
        parser.error(str(error))
    seen = [test for cell in cells for test in seen_tests(cell)]
    problems = 0
    for name in sorted({test.implementation for test in seen}):
        tests = [test for test in seen if test.implementation == name]
        recorded = entries(name, tests)
        lines = [_proposal(e) for e in recorded if e.versions and not e.is_right]
        lines += [f"NEW {line}" for line in unexplained(tests, recorded)]
        problems += len(lines)
        print(*lines, sep="\n")
        if options.write:
            write(name, recorded)
    return int(bool(problems))


def _proposal(entry: ExpectedEntry) -> str:
    shown = ", ".join(map(str, sorted(entry.shown))) or "none"
    proposed = entry.proposed or ("(not one range)" if entry.shown else "(gone)")
    mixed = f"; in part on {', '.join(map(str, sorted(entry.mixed)))}" if entry.mixed else ""
    return (
        f"{entry.requirement} {entry.tests[0]} ({entry.deviation}): {entry.written} -> "
        f"{proposed}\n    shown by {shown}{mixed}"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
