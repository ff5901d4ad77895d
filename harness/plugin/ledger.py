"""The ledger of deviations: what a release does against the specification, each with a reproducer.

``python -m harness.plugin.ledger`` runs the reproducers, as many at once as there are processors: each against the
release that is installed beside it, where that has the deviation. With ``--older`` it runs the others, each in an
environment made for the newest version on which it was verified. Words choose among them by their ids.
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

from harness.implementations import UnknownImplementation, find
from harness.processes import EnvironmentNotMade, made_for

LEDGER = Path(__file__).parents[2] / "deviations"
SECONDS = 60  # a reproducer ends within about ten; six times that means that it hangs

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
        )
    except KeyError as missing:
        raise BadEntry(f"{file.name}: it has no {missing}") from None


def is_beside(deviation: Deviation) -> bool:
    """True where the release that is installed beside the suite has the deviation."""
    try:
        release = find(deviation.release)
        installed = importlib.metadata.version(release.distributions[0])
    except UnknownImplementation:
        return True
    except importlib.metadata.PackageNotFoundError:
        return not deviation.verified
    there = SpecifierSet(deviation.versions, prereleases=True)
    return there.contains(installed) or not deviation.verified


def interpreter(deviation: Deviation) -> str:
    """The Python that has a release with the deviation. Raises EnvironmentNotMade."""
    if is_beside(deviation):
        return sys.executable
    release = find(deviation.release)
    version = max(deviation.verified, key=Version)
    assert release.requirements, f"{deviation.release} has no versions"
    requirements, python = release.requirements(version), release.python(version)
    return made_for(requirements, python, release.distributions).python


def run(deviation: Deviation) -> tuple[int, str]:
    """Run a reproducer: its exit status and what it printed."""
    try:
        command = [interpreter(deviation), str(deviation.reproducer)]
    except EnvironmentNotMade as error:
        return 2, str(error)
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return 2, f"it did not end within {SECONDS} s"
    return done.returncode, (done.stdout + done.stderr).strip()


def main(arguments: Sequence[str]) -> int:
    """Run the reproducers, or those whose id contains one of the words given; 1 if one does not reproduce."""
    parser = argparse.ArgumentParser(prog="python -m harness.plugin.ledger")
    parser.add_argument("words", nargs="*", help="run those whose id contains one of these")
    parser.add_argument("--older", action="store_true", help="those of older releases alone")
    asked = parser.parse_args(arguments)
    chosen = [
        deviation
        for deviation in read_ledger(LEDGER)
        if is_beside(deviation) != asked.older
        and (not asked.words or any(word in deviation.id for word in asked.words))
    ]
    wrong = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for deviation, (status, printed) in zip(chosen, pool.map(run, chosen), strict=True):
            word = {THERE: "there", GONE: "GONE"}.get(status, "UNDECIDED")
            print(f"{word:<10} {deviation.id}: {deviation.title}", flush=True)
            if status != THERE:
                wrong += 1
                print("  " + printed.replace("\n", "\n  "), flush=True)
    if wrong:
        print(
            f"{wrong} of the ledger's deviations did not reproduce: correct deviations/ and expected/"
        )
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
