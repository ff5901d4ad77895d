"""What runs on several releases say about the known failures: ``python -m tools.update_known_failures REPORT…``.

Each ``report.json`` is held against ``conformance/expected/``: an entry whose failure is seen on other versions
than it says is printed with the range that was seen, as far as the ledger says that its deviation is there;
``--write`` puts that range in its place. A failure that no entry knows is listed with the versions that show it.
"""

from __future__ import annotations

import argparse
import json
import sys
import tomllib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

from packaging.specifiers import SpecifierSet
from packaging.version import Version

from callback_conformance.adapters import find
from callback_conformance.ledger import LEDGER, read_ledger
from callback_conformance.plugin.expected import FOLDER

MESSAGE = 150  # characters of a failure's message that tell it from another


@dataclass(frozen=True)
class Seen:
    """What one test showed on one cell; ``message`` is empty where it held."""

    implementation: str
    version: Version
    dialect: str
    backend: str
    requirement: str
    test: str
    message: str


def observed(report: Path) -> Iterator[Seen]:
    """What a report tells of tests that came to an end on the wire."""
    for cell in json.loads(report.read_text(encoding="utf-8"))["cells"]:
        version = Version(cell["versions"][find(cell["implementation"]).distributions[0]])
        where = (cell["implementation"], version, cell["dialect"], cell["backend"])
        for id, requirement in cell["requirements"].items():
            for test in requirement["tests"] if cell["driver"] == "wire" else ():
                if test["outcome"] != "undecided":
                    failed = test["outcome"] == "violated"
                    yield Seen(*where, id, test["name"], test["message"] or "?" if failed else "")


@dataclass(frozen=True)
class Entry:
    """An entry of ``conformance/expected`` as it is written, and what was seen of its tests; ``there`` are the
    versions that have its deviation, by the ledger."""

    data: dict[str, Any]
    there: SpecifierSet
    seen: tuple[Seen, ...]

    @property
    def says(self) -> SpecifierSet:
        """The versions on which its tests fail, as it is written."""
        return SpecifierSet(self.data["versions"], prereleases=True)

    @property
    def shown(self) -> set[Version]:
        """The versions on which each of its tests fails in the way that it says."""
        return {one for one in self.versions if all(map(self.explains, self._on(one)))}

    @property
    def versions(self) -> list[Version]:
        """The versions that were looked at."""
        return sorted({one.version for one in self.seen})

    @property
    def mixed(self) -> set[Version]:
        """The versions on which some of its tests fail so, and others do not."""
        some = {one.version for one in self.seen if self.explains(one)}
        return {one for one in some - self.shown if one in self.there}

    def explains(self, one: Seen) -> bool:
        """True when a failure is the one that the entry tells of, on a version that has the deviation."""
        names = (one.test, one.test.partition("[")[0])
        return (
            one.version in self.there
            and one.requirement == self.data["requirement"]
            and any(name in self.data["tests"] for name in names)
            and one.dialect in self.data.get("dialects", [one.dialect])
            and one.backend in self.data.get("backends", [one.backend])
            and self.data["seen"] in one.message
        )

    @property
    def range(self) -> str:
        """The versions that show it, as one specifier, within those that the ledger says; empty where none
        does, or where it takes several."""
        looked = [one for one in self.versions if one in self.there]
        runs = [list(run) for _, run in groupby(looked, self.shown.__contains__)]
        shown = [index for index, run in enumerate(runs) if run[0] in self.shown]
        if len(shown) != 1:
            return ""
        before = runs[shown[0] - 1][-1] if shown[0] else None
        after = runs[shown[0] + 1][0] if shown[0] + 1 < len(runs) else None
        first, last = runs[shown[0]][0], runs[shown[0]][-1]
        lower = f">={_short(first, before)}" if before else self._bound(">")
        upper = f"<{_short(after, last)}" if after else self._bound("<")
        return ",".join(bound for bound in (lower, upper) if bound) or str(self.there)

    def _bound(self, sign: str) -> str:
        """The ledger's own bound on one side."""
        return ",".join(sorted(str(one) for one in self.there if one.operator.startswith(sign)))

    def _on(self, version: Version) -> list[Seen]:
        return [one for one in self.seen if one.version == version]

    @property
    def is_right(self) -> bool:
        """True when its range holds the versions that show it, and no other that was looked at; where chance
        decides, those that were looked at may be too few."""
        said = {one for one in self.versions if one in self.says}
        return self.shown <= said if self.data.get("chance") else said == self.shown


def _short(version: Version, neighbour: Version) -> str:
    """``2.16`` for 2.16.1, unless the neighbour is a 2.16 too."""
    same = version.release[:2] == neighbour.release[:2]
    return str(version) if same else ".".join(map(str, version.release[:2]))


def entries(name: str, seen: Sequence[Seen]) -> list[Entry]:
    """The entries of an implementation, each with what was seen of its tests where it binds."""
    ledger = {one.id: one for one in read_ledger(LEDGER)}
    found = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))["failure"]
    read = [
        Entry(
            data,
            SpecifierSet(ledger[data["deviation"]].versions, prereleases=True),
            tuple(one for one in seen if _is_of(data, one)),
        )
        for data in found
    ]
    return [_without_others(entry, read) for entry in read]


def _without_others(entry: Entry, known: Sequence[Entry]) -> Entry:
    """Without what was seen of failures that another entry tells of already."""
    others = [one for one in known if one is not entry]
    mine = tuple(
        one
        for one in entry.seen
        if one.version in entry.says
        or not any(one.version in other.says and other.explains(one) for other in others)
    )
    return replace(entry, seen=mine)


def _is_of(data: dict[str, Any], one: Seen) -> bool:
    names = {one.test, one.test.partition("[")[0]}
    return (
        one.requirement == data["requirement"]
        and bool(names & set(data["tests"]))
        and one.dialect in data.get("dialects", [one.dialect])
        and one.backend in data.get("backends", [one.backend])
    )


def unknown(seen: Sequence[Seen], known: Sequence[Entry]) -> Iterator[str]:
    """The failures that no entry explains, alike ones in one line."""
    new = [one for one in seen if one.message and not any(e.explains(one) for e in known)]

    def alike(one: Seen) -> tuple[str, str, str]:
        return one.requirement, one.test, " ".join(one.message.split())[:MESSAGE]

    for (requirement, test, message), group in groupby(sorted(new, key=alike), alike):
        where = _where(list(group))
        yield f"{requirement} {test}\n    {message}\n    on {where}"


def _where(group: Collection[Seen]) -> str:
    cells = sorted({(one.dialect, one.backend) for one in group})
    return "; ".join(
        f"{dialect} {backend}: "
        + ", ".join(
            map(
                str,
                sorted({one.version for one in group if (one.dialect, one.backend) == cell}),
            )
        )
        for cell in cells
        for dialect, backend in [cell]
    )


def write(name: str, known: Sequence[Entry]) -> None:
    """Put the ranges that were seen in the places of those that are wrong."""
    file = FOLDER / f"{name}.toml"
    head, *parts = file.read_text(encoding="utf-8").split("[[failure]]\n")
    for index, entry in enumerate(known):
        if entry.versions and entry.shown and not entry.is_right and entry.range:
            older = f'versions = "{entry.data["versions"]}"'
            parts[index] = parts[index].replace(older, f'versions = "{entry.range}"', 1)
    file.write_text("[[failure]]\n".join((head, *parts)), encoding="utf-8")


def main(arguments: Sequence[str]) -> int:
    """Print what the reports say; 1 if an entry is to be changed or a failure is not known."""
    parser = argparse.ArgumentParser(prog="python -m tools.update_known_failures")
    parser.add_argument("reports", nargs="+", type=Path, help="report.json of whole runs")
    parser.add_argument("--write", action="store_true", help="put the ranges in their places")
    asked = parser.parse_args(arguments)
    try:
        seen = [one for report in asked.reports for one in observed(report)]
    except (OSError, ValueError, LookupError, TypeError) as error:
        parser.error(f"a report cannot be read: {error!r}")
    wrong = 0
    for name in sorted({one.implementation for one in seen}):
        mine = [one for one in seen if one.implementation == name]
        known = entries(name, mine)
        for entry in known:
            if entry.versions and not entry.is_right:
                wrong += 1
                print(_proposal(entry))
        for line in unknown(mine, known):
            wrong += 1
            print(f"NEW {line}")
        if asked.write:
            write(name, known)
    return int(bool(wrong))


def _proposal(entry: Entry) -> str:
    data = entry.data
    shown = ", ".join(map(str, sorted(entry.shown))) or "none"
    proposed = entry.range or ("(not one range)" if entry.shown else "(gone)")
    mixed = f"; in part on {', '.join(map(str, sorted(entry.mixed)))}" if entry.mixed else ""
    return (
        f"{data['requirement']} {data['tests'][0]} ({data['deviation']}): {data['versions']} -> "
        f"{proposed}\n    shown by {shown}{mixed}"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
