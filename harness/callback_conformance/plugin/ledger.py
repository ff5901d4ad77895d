"""The ledger of deviations: what a release does against the specification, each with a reproducer.

``python -m callback_conformance.deviations_command`` runs the reproducers, as many at once as there are processors: each on the
release that is installed beside it, the newest. With ``--older`` each runs on the first and the last version that it
names, in environments made for them; with ``--on dash@2.9.3`` on that one. Where the ledger says that the deviation is
there, its reproducer must exit with 1, and nowhere else. Words choose among them by their ids.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from packaging.specifiers import SpecifierSet
from packaging.version import Version

from callback_conformance import places
from callback_conformance.adapters import UnknownImplementation, find
from callback_conformance.processes import EnvironmentNotMade

LEDGER = places.LEDGER
SECONDS = 60  # a reproducer ends within about ten; six times that means that it hangs

#: What a reproducer may name in ``needs``: it drives Chromium, or a Socket.IO page by WebSocket alone.
NEEDED = {"browser": "playwright", "websocket": "websocket-client"}

THERE, GONE = 1, 0  # a reproducer's exit status


class BadEntry(ValueError):
    """An entry of the ledger is not in its form."""


@dataclass(frozen=True)
class Deviation:
    """One entry: what a user sees, in which release and versions. Which requirement it violates, by which
    test, stands in ``conformance/expected``; an entry of a chapter without tests is in the ledger alone."""

    id: str
    title: str
    release: str
    versions: str
    verified: tuple[str, ...]
    upstream: str
    needs: tuple[str, ...]
    reproducer: Path
    text: str = ""  # Markdown

    @property
    def requirements(self) -> tuple[str, ...]:
        """What pip is given for its reproducer, beyond the release."""
        return tuple(NEEDED[name] for name in self.needs)


def read_ledger(folder: Path) -> list[Deviation]:
    """All entries of ``folder``. Raises BadEntry."""
    return [_read(file) for file in sorted(folder.glob("*.md")) if file.name != "README.md"]


def _read(file: Path) -> Deviation:
    head = file.read_text(encoding="utf-8").split("+++")
    if len(head) < 3:
        raise BadEntry(f"{file.name}: expected TOML between two lines `+++` at its beginning")
    data = tomllib.loads(head[1])
    reproducer = file.with_suffix(".py")
    if data.get("id") != file.stem or not reproducer.exists():
        raise BadEntry(
            f"{file.name}: its id must be {file.stem!r}, with a reproducer {reproducer.name}"
        )
    if unknown := set(data.get("needs", ())) - set(NEEDED):
        raise BadEntry(
            f"{file.name} needs {unknown.pop()!r}; a reproducer may need {', '.join(NEEDED)}"
        )
    try:
        return Deviation(
            id=data["id"],
            title=data["title"],
            release=data["release"],
            versions=data["versions"],
            verified=tuple(data.get("verified", ())),
            upstream=data.get("upstream", ""),
            needs=tuple(data.get("needs", ())),
            reproducer=reproducer,
            text="+++".join(head[2:]).strip(),
        )
    except KeyError as missing:
        raise BadEntry(f"{file.name}: it has no {missing}") from None


@dataclass(frozen=True)
class Trial:
    """A reproducer and the version that it runs on: one that is installed ``beside`` the suite, or an
    environment made for it. A release that nobody knows here has no version."""

    deviation: Deviation
    version: str
    beside: bool

    @property
    def expects(self) -> bool:
        """True where the ledger says that the deviation is there."""
        there = SpecifierSet(self.deviation.versions, prereleases=True)
        return not self.version or there.contains(self.version)


def installed(release: str) -> str:
    """The version of a release that is installed beside the suite, or nothing."""
    try:
        return importlib.metadata.version(find(release).distributions[0])
    except (UnknownImplementation, importlib.metadata.PackageNotFoundError):
        return ""


def beside(deviation: Deviation) -> list[Trial]:
    """The trial on what is installed here: the newest release, where the ledger may also say that it is gone."""
    version = installed(deviation.release)
    return [Trial(deviation, version, beside=True)] if version or not deviation.verified else []


def older(deviation: Deviation) -> list[Trial]:
    """The trials on the first and the last version on which it was verified, but for what is installed here."""
    named = sorted(deviation.verified, key=Version)
    ends = dict.fromkeys((*named[:1], *named[-1:]))
    here = installed(deviation.release)
    return [Trial(deviation, version, beside=False) for version in ends if version != here]


def on(deviation: Deviation, releases: Sequence[str]) -> list[Trial]:
    """The trials on those of the ``releases``, such as ``dash@2.9.3``, that it is about."""
    pairs = [release.partition("@") for release in releases]
    return [
        Trial(deviation, one, beside=False) for name, _, one in pairs if name == deviation.release
    ]


def interpreter(trial: Trial) -> str:
    """The Python that has the version. Raises EnvironmentNotMade."""
    if trial.beside:
        return sys.executable
    release, more = find(trial.deviation.release), trial.deviation.requirements
    return release.environment(trial.version, more).python


def run(trial: Trial) -> tuple[int, str]:
    """Run a reproducer: its exit status and what it printed."""
    try:
        command = [interpreter(trial), str(trial.deviation.reproducer)]
    except EnvironmentNotMade as error:
        return 2, str(error)
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return 2, f"it did not end within {SECONDS} s"
    return done.returncode, (done.stdout + done.stderr).strip()


def judge(trial: Trial, status: int) -> tuple[str, bool]:
    """What a reproducer's exit status says, in a word, and whether the ledger says so too."""
    if trial.expects:
        return {THERE: "there", GONE: "GONE"}.get(status, "UNDECIDED"), status == THERE
    return ("UNSAID" if status == THERE else "gone"), status != THERE


def main(arguments: Sequence[str]) -> int:
    """Run the reproducers, or those whose id contains one of the words given; 1 if the ledger is wrong."""
    parser = argparse.ArgumentParser(prog="python -m callback_conformance.deviations_command")
    parser.add_argument("words", nargs="*", help="run those whose id contains one of these")
    parser.add_argument(
        "--older", action="store_true", help="on the first and last version that each names"
    )
    parser.add_argument(
        "--on", action="append", default=[], metavar="RELEASE@VERSION", help="on this one alone"
    )
    asked = parser.parse_args(arguments)
    trials = [
        trial
        for deviation in read_ledger(LEDGER)
        if not asked.words or any(word in deviation.id for word in asked.words)
        for trial in (
            on(deviation, asked.on)
            if asked.on
            else older(deviation)
            if asked.older
            else beside(deviation)
        )
    ]
    wrong = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for trial, (status, printed) in zip(trials, pool.map(run, trials), strict=True):
            word, right = judge(trial, status)
            where = "" if trial.beside else f" ({trial.deviation.release} {trial.version})"
            print(f"{word:<10} {trial.deviation.id}{where}: {trial.deviation.title}", flush=True)
            if not right:
                wrong += 1
                print("  " + printed.replace("\n", "\n  "), flush=True)
    if wrong:
        print(f"{wrong} trials are not as the ledger says: correct deviations/ and expected/")
    return int(bool(wrong))
