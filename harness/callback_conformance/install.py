"""The commands that install more of this package: no package index has it, so they name where it came from."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, distribution, requires, version
from pathlib import Path

from packaging.requirements import Requirement

DISTRIBUTION = "callback-conformance"


def install_command(extra: str) -> str:
    """What installs an extra of this package from the checkout or the wheel that it was installed from."""
    place, editable = _origin()
    words = ["pip", "install", *(["-e"] if editable else []), f"{place}[{extra}]"]
    return shlex.join(words)


def command_for(distributions: Sequence[str]) -> str:
    """What installs the distributions of an implementation: an extra of this package, where one has the first of
    them on this Python, because an extra also has the pins without which a release does not run."""
    first = distributions[0]
    if first == DISTRIBUTION:
        return install_command("ours")
    if first in _names_in("all"):
        return install_command("all")
    return f"pip install {shlex.join(distributions)}"


def installed_version(name: str) -> str:
    """The version of a distribution that is installed beside the suite, or ""."""
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _names_in(extra: str) -> set[str]:
    """The distributions that an extra installs on this Python."""
    requirements = map(Requirement, requires(DISTRIBUTION) or ())
    return {
        requirement.name
        for requirement in requirements
        if requirement.marker and requirement.marker.evaluate({"extra": extra})
    }


def _origin() -> tuple[str, bool]:
    """The checkout or wheel as installers note it (PEP 610), and whether it is installed as editable.

    Without a note, or where the place is gone, the plain name: pip found it by --find-links, and does so again.
    """
    try:
        note = json.loads(distribution(DISTRIBUTION).read_text("direct_url.json") or "{}")
    except PackageNotFoundError:
        note = {}
    place = Path(note.get("url", "").removeprefix("file://").replace("%20", " "))
    if not place.is_absolute() or not place.exists():
        return DISTRIBUTION, False
    shown = "." if place == Path.cwd() else str(place)
    return shown, bool(note.get("dir_info", {}).get("editable"))
