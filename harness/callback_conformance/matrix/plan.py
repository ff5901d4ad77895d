"""What a matrix consists of: the cells that a file lists, each checked against what its version offers."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from packaging.version import InvalidVersion

from callback_conformance.adapters import Adapter, UnknownImplementation, find
from callback_conformance.install import installed_version
from callback_conformance.results.cell import CellSpec
from callback_conformance.results.json_file import BadFile

LIMITS = ("at_once", "workers", "cell_seconds", "environment_seconds")
ENTRY = ("implementation", "versions", "dialects", "backends")


class BadMatrix(BadFile):
    """The file does not have its form, or no cell matches; the message says what was expected."""


@dataclass(frozen=True)
class Plan:
    """The content of a file."""

    cells: tuple[CellSpec, ...]
    #: How many cells run at once.
    at_once: int
    #: How many workers of pytest-xdist each has; 0 runs its tests in one process.
    workers: int
    #: After how many seconds a cell, or the installation of a release, is given up.
    cell_seconds: int
    environment_seconds: int


def read_plan(file: Path) -> Plan:
    """Read a file such as ``ci/matrix.toml``. Raises BadMatrix."""
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
        _table(data, {"run", "cells"}, "the file")
        limits = _limits(data["run"])
        if not isinstance(data["cells"], list) or not data["cells"]:
            raise BadMatrix(f"cells is {data['cells']!r}; expected tables [[cells]]")
        cells = [cell for entry in data["cells"] for cell in _cells(entry)]
        if duplicates := [cell.id for cell in cells if cells.count(cell) > 1]:
            raise BadMatrix(f"{min(duplicates)} is listed twice")
    except OSError as error:
        raise BadMatrix(f"{file}: {error.strerror}") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, BadMatrix) as error:
        raise BadMatrix(f"{file}: {error}") from error
    return Plan(tuple(cells), **limits)


def chosen(cells: Sequence[CellSpec], words: Sequence[str]) -> list[CellSpec]:
    """The cells that match all ``words``; one text may hold several of them. Raises BadMatrix when none does."""
    patterns = " ".join(words).split()
    matching = [cell for cell in cells if all(map(cell.matches, patterns))]
    if not matching or (words and not patterns):
        raise BadMatrix(
            f"no cell matches {' '.join(words)!r}: each word must match a part of it, such as 'dash@3.*', "
            "'background' or 'celery'; `callback-conformance matrix --list` names them all"
        )
    return matching


def _limits(run: object) -> dict[str, int]:
    table = _table(run, set(LIMITS), "[run]")
    limits = {}
    for name in LIMITS:
        least, limit = 0 if name == "workers" else 1, table[name]
        if not isinstance(limit, int) or isinstance(limit, bool) or limit < least:
            raise BadMatrix(f"[run] {name} is {limit!r}; expected a whole number from {least}")
        limits[name] = limit
    return limits


def _table(value: object, names: set[str], where: str) -> Mapping[str, object]:
    if not isinstance(value, Mapping) or set(value) != names:
        seen = sorted(value) if isinstance(value, Mapping) else value
        raise BadMatrix(f"{where} has {seen}; expected {sorted(names)}")
    return value


@dataclass(frozen=True)
class _Entry:
    """A table [[cells]] of the file; an empty list stands for all that the implementation has."""

    implementation: str
    versions: Sequence[str]
    dialects: Sequence[str]
    backends: Sequence[str]

    def cells(self, version: str, offered: Mapping[str, tuple[str, ...]]) -> Iterator[CellSpec]:
        """The cells of one version."""
        release = f"{self.implementation}@{version}" if version else self.implementation
        for dialect, backends in offered.items():
            for backend in backends:
                chosen = dialect in (self.dialects or offered)
                if chosen and backend in (self.backends or backends):
                    yield CellSpec(release, dialect, backend)


def _cells(table: object) -> Iterator[CellSpec]:
    entry = _entry(table)
    name = entry.implementation
    try:
        adapter = find(name)
    except UnknownImplementation as error:
        raise BadMatrix(f"[[cells]]: {error}") from error
    by_version = {version: _offered(adapter, version) for version in entry.versions or [""]}
    _check(name, "dialect", entry.dialects, chain(*by_version.values()))
    by_dialect = chain(*(offered.values() for offered in by_version.values()))
    _check(name, "backend", entry.backends, chain(*by_dialect))
    for version in entry.versions or [""]:
        cells = list(entry.cells(version, by_version[version]))
        if not cells:
            wanted = {
                " or ".join(entry.dialects) or "any dialect": entry.backends or ["any backend"]
            }
            raise BadMatrix(
                f"[[cells]] {name}@{version} has no {_words(wanted)}; choose from {_words(by_version[version])}"
            )
        yield from cells


def _entry(table: object) -> _Entry:
    entry = table if isinstance(table, Mapping) else {}
    name = entry.get("implementation")
    if set(entry) - set(ENTRY) or not isinstance(name, str):
        seen = sorted(entry) if entry else table
        raise BadMatrix(f"[[cells]] has {seen}; expected 'implementation' and some of {ENTRY[1:]}")
    for key in ENTRY[1:]:
        words = entry.get(key, ["default"])
        good = isinstance(words, list) and all(isinstance(word, str) and word for word in words)
        if not good or not words:
            raise BadMatrix(f"[[cells]] {name}: {key} is {words!r}; expected a list of strings")
    return _Entry(name, *(entry.get(key, []) for key in ENTRY[1:]))


def _offered(adapter: Adapter, version: str) -> Mapping[str, tuple[str, ...]]:
    if version and adapter.requirements is None:
        raise BadMatrix(f"[[cells]] {adapter.name} has no versions to choose from")
    if not version and adapter.requirements is not None:
        raise BadMatrix(f"[[cells]] {adapter.name} is a release: list its versions")
    try:
        # The run reports one that is not installed.
        return adapter.offered(version or installed_version(adapter.distributions[0]) or "0")
    except InvalidVersion:
        raise BadMatrix(f"[[cells]] {adapter.name}: {version!r} is not a version") from None


def _check(name: str, axis: str, words: Sequence[str], offered: Iterable[str]) -> None:
    choices = set(offered)
    if unknown := [word for word in words if word not in choices]:
        raise BadMatrix(
            f"[[cells]] {name}: no version listed has the {axis} {unknown[0]!r}; "
            f"choose from {', '.join(sorted(choices))}"
        )


def _words(offered: Mapping[str, Sequence[str]]) -> str:
    return ", ".join(f"{dialect} on {' or '.join(words)}" for dialect, words in offered.items())
