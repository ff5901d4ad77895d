"""What a matrix consists of: the cells that a file lists, each checked against what its version offers."""

from __future__ import annotations

import importlib.metadata
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from packaging.version import InvalidVersion

from callback_conformance.adapters import Adapter, UnknownImplementation, find
from callback_conformance.plugin.cells import cell_id

LIMITS = ("at_once", "workers", "cell_seconds", "environment_seconds")
ENTRY = ("implementation", "versions", "dialects", "backends")


class BadMatrix(ValueError):
    """The file is not in its form, or nothing in it was asked for; the message says what was expected."""


@dataclass(frozen=True, order=True)
class Planned:
    """One cell to run; ``asked`` is what ``--impl`` is given. The pages are those of the wire."""

    asked: str
    dialect: str
    backend: str
    driver: str = "wire"

    @property
    def id(self) -> str:
        """Its name, which is that of its folder too."""
        return cell_id(self.asked, self.dialect, self.backend, self.driver)

    @property
    def implementation(self) -> str:
        """What is asked for, in whatever version."""
        return self.asked.partition("@")[0]

    @property
    def options(self) -> tuple[str, ...]:
        """The command-line options that choose it."""
        return (
            f"--impl={self.asked}",
            f"--backend={self.backend}",
            f"--dialect={self.dialect}",
            f"--driver={self.driver}",
        )

    def matches(self, word: str) -> bool:
        """True when ``word``, in which ``*`` and ``?`` stand for others, is one of the cell's parts:
        ``dash@3.0.4`` or ``dash`` or ``3.0.4``, its dialect, ``celery+redis`` or ``celery`` or ``redis``."""
        wholes = (self.asked, self.dialect, self.backend, self.driver)
        parts = {part for one in wholes for part in (one, *one.replace("+", "@").split("@"))}
        return any(fnmatchcase(part, word) for part in parts)


@dataclass(frozen=True)
class Plan:
    """What a file says: the cells, how many run ``at_once`` with how many ``workers`` each, and after
    how many seconds a cell, or the installation of a release, is given up."""

    cells: tuple[Planned, ...]
    at_once: int
    workers: int
    cell_seconds: int
    environment_seconds: int


def read_plan(file: Path) -> Plan:
    """Read a file such as ``ci/matrix.toml``. Raises BadMatrix."""
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadMatrix(f"{file}: {error.strerror}") from error
    except ValueError as error:  # it is not TOML, or not even text
        raise BadMatrix(f"{file}: {error}") from error
    try:
        _has(data, {"run", "cells"}, "the file")
        limits = _limits(data["run"])
        if not isinstance(data["cells"], list) or not data["cells"]:
            raise BadMatrix(f"cells is {data['cells']!r}; expected tables [[cells]]")
        cells = [cell for entry in data["cells"] for cell in _cells(entry)]
    except BadMatrix as error:
        raise BadMatrix(f"{file}: {error}") from error
    if twice := [cell.id for cell in set(cells) if cells.count(cell) > 1]:
        raise BadMatrix(f"{file}: {min(twice)} is listed twice")
    return Plan(tuple(cells), **limits)


def chosen(cells: Sequence[Planned], words: Sequence[str]) -> list[Planned]:
    """The cells that all ``words`` match, however many of them are given in one text. Raises BadMatrix when there is
    none."""
    patterns = " ".join(words).split()
    matching = [cell for cell in cells if all(map(cell.matches, patterns))]
    if not matching or (words and not patterns):
        raise BadMatrix(
            f"no cell matches {' '.join(words)!r}: each word must match a part of it, such as 'dash@3.*', "
            "'background' or 'celery'; `callback-conformance matrix --list` names them all"
        )
    return matching


def _limits(run: Mapping[str, Any]) -> dict[str, int]:
    _has(run, set(LIMITS), "[run]")
    for name in LIMITS:
        least = 0 if name == "workers" else 1
        if not isinstance(run[name], int) or isinstance(run[name], bool) or run[name] < least:
            raise BadMatrix(f"[run] {name} is {run[name]!r}; expected a whole number from {least}")
    return {name: run[name] for name in LIMITS}


def _has(table: Any, names: set[str], where: str) -> None:
    if not isinstance(table, Mapping) or set(table) != names:
        raise BadMatrix(f"{where} has {_keys(table)}; expected {sorted(names)}")


def _keys(table: Any) -> Any:
    return sorted(table) if isinstance(table, Mapping) else table


def _cells(entry: Any) -> Iterator[Planned]:
    name, versions, dialects, backends = _entry(entry)
    try:
        implementation = find(name)
    except UnknownImplementation as error:
        raise BadMatrix(f"[[cells]]: {error}") from error
    offered = [(version, _offered(implementation, version)) for version in versions or [""]]
    known_dialects = {dialect for _, one in offered for dialect in one}
    known_backends = {each for _, one in offered for several in one.values() for each in several}
    _known(name, "dialect", dialects, known_dialects)
    _known(name, "backend", backends, known_backends)
    for version, has in offered:
        mine = [
            Planned(f"{name}@{version}" if version else name, dialect, backend)
            for dialect, several in has.items()
            for backend in several
            if dialect in (dialects or has) and backend in (backends or several)
        ]
        if not mine:
            wanted = f"{' or '.join(dialects or ['any dialect'])} on {' or '.join(backends or ['any backend'])}"
            raise BadMatrix(f"[[cells]] {name}@{version} has no {wanted}; it has {_words(has)}")
        yield from mine


def _entry(entry: Any) -> tuple[str, list[str], list[str], list[str]]:
    strange = set(entry) - set(ENTRY) if isinstance(entry, Mapping) else {str(entry)}
    if strange or not isinstance(entry.get("implementation"), str):
        raise BadMatrix(
            f"[[cells]] has {_keys(entry)}; expected 'implementation' and some of {ENTRY[1:]}"
        )
    name = entry["implementation"]
    lists = [entry.get(key, []) for key in ENTRY[1:]]
    for key, value in zip(ENTRY[1:], lists, strict=True):
        good = isinstance(value, list) and all(isinstance(one, str) and one for one in value)
        if not good or (key in entry and not value):
            raise BadMatrix(f"[[cells]] {name}: {key} is {value!r}; expected a list of strings")
    return name, *lists


def _offered(implementation: Adapter, version: str) -> Mapping[str, tuple[str, ...]]:
    if version and implementation.requirements is None:
        raise BadMatrix(f"[[cells]] {implementation.name} has no versions to choose from")
    if not version and implementation.requirements is not None:
        raise BadMatrix(f"[[cells]] {implementation.name} is a release: say which versions")
    try:
        return implementation.offered(version or _installed(implementation))
    except InvalidVersion:
        raise BadMatrix(f"[[cells]] {implementation.name}: {version!r} is no version") from None


def _installed(implementation: Adapter) -> str:
    """Its version beside the suite; what is not installed will be told when it is run."""
    try:
        return importlib.metadata.version(implementation.distributions[0])
    except importlib.metadata.PackageNotFoundError:
        return "0"


def _known(name: str, axis: str, asked: Sequence[str], there: set[str]) -> None:
    if unknown := [one for one in asked if one not in there]:
        raise BadMatrix(
            f"[[cells]] {name}: no version listed has the {axis} {unknown[0]!r}; "
            f"there are {', '.join(sorted(there))}"
        )


def _words(has: Mapping[str, tuple[str, ...]]) -> str:
    return ", ".join(f"{dialect} on {' or '.join(several)}" for dialect, several in has.items())
