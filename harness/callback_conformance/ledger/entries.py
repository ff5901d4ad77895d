"""The entries of the ledger, read from ``deviations/RELEASE/FAULT/ID.md`` with ``ID.py`` beside it."""

from __future__ import annotations

import enum
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from packaging.specifiers import SpecifierSet

from callback_conformance import places

LEDGER = places.LEDGER

#: What an entry may name in ``needs``, and the package that provides it.
NEEDED_PACKAGES = {"browser": "playwright", "websocket": "websocket-client"}

#: How an entry names a public thread: ``owner/project#number`` on GitHub.
THREAD = re.compile(r"[\w.-]+/[\w.-]+#\d+")


class BadEntry(ValueError):
    """An entry of the ledger does not have the form that ``deviations/README.md`` states."""


class UnknownDeviation(LookupError):
    """The ledger has no entry with this id."""


class Impact(enum.StrEnum):
    """What a deviation costs a user, the worst first."""

    #: What belongs to one user reaches another.
    LEAK = "leak"
    #: A result, an update, a failure or what a user did never takes effect, or work is thrown away.
    LOST = "lost"
    #: A page waits, or a job goes on, with no end.
    STUCK = "stuck"
    #: A page shows, or a job receives or does, something else than it should.
    WRONG_VALUE = "wrong value"
    #: What a document promises raises an error or has no effect.
    REFUSED = "refused"
    #: The page is right in the end: a message is missing, late or unclear, or work is repeated.
    COSMETIC = "cosmetic"


class Cause(enum.StrEnum):
    """Where in a release the cause of a deviation lies."""

    #: In what all managers share: the page's JavaScript, the answers to requests, the base class of managers.
    FRONT_END = "front end"
    #: In a manager of the release: another author's manager need not have it.
    MANAGER = "manager"
    #: In a release that has no managers.
    FRAMEWORK = "framework"


Choice = TypeVar("Choice", Impact, Cause)


@dataclass(frozen=True)
class Fault:
    """What several entries of a release have in common: one cause, and one correction."""

    #: The name of its folder, such as ``read-then-delete``.
    slug: str
    #: One line: what is wrong.
    title: str
    #: A sentence or two: why it goes wrong.
    cause: str
    #: What a user of the release can do about it, as Markdown, and the version on which that was tried: with it the
    #: reproducers of the fault do not show it any more. Empty if nothing was tried.
    workaround: str = ""
    workaround_tried: str = ""


@dataclass(frozen=True)
class Deviation:
    """One entry: what a user sees, in which release and versions. Which requirement it violates, and by which
    test, stands in ``conformance/expected``; an entry that no test shows says why in ``untested``."""

    #: The name of its two files. It begins with the release and is never reused.
    id: str
    #: One sentence: what a user sees.
    title: str
    #: ``dash``, ``dash_labs`` or ``taipy``.
    release: str
    #: Where the deviation occurs, as a version specifier.
    versions: str
    #: The versions on which the reproducer ran and exited with 1.
    verified: tuple[str, ...]
    #: What it costs a user.
    impact: Impact
    #: Where its cause lies.
    cause: Cause
    #: Public threads about it or its cause, as ``owner/project#number``.
    upstream: tuple[str, ...]
    #: What its reproducer needs beyond the release: keys of NEEDED_PACKAGES.
    needs: tuple[str, ...]
    #: Its reproducer, written with ``deviations/common``. ``export`` makes the single file.
    reproducer: Path
    #: The fault that it shows.
    fault: Fault
    #: The rest of the entry, as Markdown.
    text: str = ""
    #: The versions that have the interface that the reproducer uses, as a version specifier.
    runs_on: str = ">=0"
    #: One sentence: why no test of the suite shows it. Empty if one does.
    untested: str = ""
    #: The version on which what a maintainer could do was tried, so that the reproducer exited with 0: on a copy of one
    #: that has the deviation, or on a later one that contains the remedy.
    remedy_tried: str = ""
    #: Which tests of the suite ran on that copy, and held.
    remedy_tests: str = ""

    @property
    def requirements(self) -> tuple[str, ...]:
        """The packages that its reproducer needs beyond the release."""
        return tuple(NEEDED_PACKAGES[need] for need in self.needs)

    def occurs_in(self, version: str) -> bool:
        """True for a version in which it occurs."""
        return SpecifierSet(self.versions, prereleases=True).contains(version)


def read_ledger(folder: Path) -> list[Deviation]:
    """Return all entries of ``folder``, by release and fault. Raises BadEntry."""
    return [
        deviation
        for fault_folder in sorted(path for path in folder.glob("*/*") if path.is_dir())
        for deviation in _read_fault(fault_folder, folder)
    ]


def find_deviation(deviation_id: str, folder: Path = LEDGER) -> Deviation:
    """Return the entry with this id. Raises UnknownDeviation, BadEntry."""
    for deviation in read_ledger(folder):
        if deviation.id == deviation_id:
            return deviation
    raise UnknownDeviation(
        f"the ledger has no deviation {deviation_id!r}; `callback-conformance ledger list` names them all"
    )


def choose(words: Sequence[str]) -> list[Deviation]:
    """Return the entries that any of the words names: a release, a fault, or a part of an id. Without words, all.

    Raises UnknownDeviation if a word names none, BadEntry.
    """
    deviations = read_ledger(LEDGER)
    for word in words:
        if not any(_is_named(deviation, word) for deviation in deviations):
            raise UnknownDeviation(
                f"{word!r} names no release and no fault of the ledger, and is part of no id; "
                "`callback-conformance ledger list` names them all"
            )
    return [
        deviation
        for deviation in deviations
        if not words or any(_is_named(deviation, word) for word in words)
    ]


def _is_named(deviation: Deviation, word: str) -> bool:
    return bool(word) and (
        word in (deviation.release, deviation.fault.slug) or word in deviation.id
    )


def _read_fault(fault_folder: Path, ledger: Path) -> Iterator[Deviation]:
    """Read the entries of one fault. A folder without entries, such as Python's caches, has none."""
    if not (entries := sorted(fault_folder.glob("*.md"))):
        return
    file = fault_folder / "fault.toml"
    where = file.relative_to(ledger)
    if not file.exists():
        raise BadEntry(f"{where} is missing")
    table = _toml(file.read_text(encoding="utf-8"), where)
    optional = {"workaround", "workaround_tried"}
    if set(table) not in ({"title", "cause"}, {"title", "cause"} | optional):
        raise BadEntry(
            f"{where}: expected title and cause, and perhaps workaround and workaround_tried, not "
            f"{', '.join(sorted(table))}"
        )
    fault = Fault(
        fault_folder.name,
        table["title"],
        " ".join(table["cause"].split()),
        table.get("workaround", "").strip(),
        table.get("workaround_tried", ""),
    )
    for entry in entries:
        yield _read_entry(entry, fault, entry.relative_to(ledger))


def _read_entry(file: Path, fault: Fault, where: Path) -> Deviation:
    parts = file.read_text(encoding="utf-8").split("+++")
    if len(parts) < 3:
        raise BadEntry(f"{where}: expected TOML between two lines `+++` at its beginning")
    table = _toml(parts[1], where)
    reproducer = file.with_suffix(".py")
    _check(table, reproducer, where)
    try:
        return Deviation(
            id=table["id"],
            title=table["title"],
            release=table["release"],
            versions=table["versions"],
            verified=tuple(table.get("verified", ())),
            impact=_choice(Impact, table["impact"], where),
            cause=_choice(Cause, table["cause"], where),
            upstream=tuple(table.get("upstream", ())),
            needs=tuple(table.get("needs", ())),
            reproducer=reproducer,
            fault=fault,
            text="+++".join(parts[2:]).strip(),
            runs_on=table.get("runs_on", ">=0"),
            untested=table.get("untested", ""),
            remedy_tried=table.get("remedy_tried", ""),
            remedy_tests=table.get("remedy_tests", ""),
        )
    except KeyError as missing:
        raise BadEntry(f"{where}: it has no {missing}") from None


def _check(table: dict[str, Any], reproducer: Path, where: Path) -> None:
    """Raise BadEntry if a key does not agree with its file, or holds what no entry may hold."""
    if table.get("id") != where.stem or not reproducer.exists():
        raise BadEntry(
            f"{where}: its id must be {where.stem!r}, with a reproducer {reproducer.name}"
        )
    if table.get("release", where.parts[0]) != where.parts[0]:
        raise BadEntry(
            f"{where}: its release is {table['release']!r}, its folder {where.parts[0]!r}"
        )
    if unknown := set(table.get("needs", ())) - set(NEEDED_PACKAGES):
        raise BadEntry(
            f"{where} needs {unknown.pop()!r}; a reproducer may need {', '.join(NEEDED_PACKAGES)}"
        )
    threads = table.get("upstream", [])
    if not isinstance(threads, list) or not all(map(THREAD.fullmatch, threads)):
        raise BadEntry(
            f"{where}: upstream must be a list of threads such as 'plotly/dash#3119', not {threads!r}"
        )


def _choice(choices: type[Choice], word: Any, where: Path) -> Choice:
    try:
        return choices(word)
    except ValueError:
        raise BadEntry(
            f"{where}: {choices.__name__.lower()} must be {_either(list(choices))}, not {word!r}"
        ) from None


def _either(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"


def _toml(text: str, where: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadEntry(f"{where}: {error}") from error
