"""What is kept of mutants: the faults made by hand, and why others live."""

from __future__ import annotations

import ast
import functools
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.mutants.mutant import Edit, Mutant, source

FAULTS = Path(__file__).with_name("faults.toml")
REASONS = Path(__file__).with_name("reasons.toml")


@dataclass(frozen=True)
class Reason:
    """Why general mutants need not be found, or are not found yet."""

    module: str
    reason: str
    #: A part of the innermost statement that the mutant lies in; "" fits all.
    within: str = ""
    #: The text that is replaced, and the one that replaces it; "" fits all.
    old: str = ""
    new: str = ""

    def fits(self, mutant: Mutant) -> bool:
        """True for a mutant that it is about."""
        (edit,) = mutant.edits
        statement = mutant.statement()
        text = ast.get_source_segment(source(mutant.module), statement) if statement else ""
        return (
            self.module == mutant.module
            and self.within in (text or "")
            and self.old in ("", edit.old)
            and self.new in ("", edit.new)
        )


def faults() -> list[Mutant]:
    """The faults made by hand. Raises ValueError for a text that is not in its module, or there twice."""
    entries = tomllib.loads(FAULTS.read_text(encoding="utf-8"))["fault"]
    return [_fault(**entry) for entry in entries]


def _fault(
    requirement: str, module: str, old: str, new: str, also: Sequence[Mapping[str, str]] = ()
) -> Mutant:
    edits = [{"old": old, "new": new}, *also]
    return Mutant(module, tuple(_edit(requirement, module, **edit) for edit in edits), requirement)


def _edit(requirement: str, module: str, old: str, new: str) -> Edit:
    text = source(module)
    if (times := text.count(old)) != 1:
        raise ValueError(f"{requirement}: this text stands {times} times in {module}: {old}")
    return Edit(text.index(old), old, new)


@functools.cache
def reasons(kind: str) -> tuple[Reason, ...]:
    """The reasons for general mutants that are ``equivalent``: no requirement is violated; or a ``survivor``."""
    entries = tomllib.loads(REASONS.read_text(encoding="utf-8")).get(kind, [])
    return tuple(Reason(**entry) for entry in entries)


def find(mutant: Mutant, known: Sequence[Reason]) -> str:
    """The reason that is kept for a general mutant; "" if none is."""
    if mutant.requirement:
        return ""
    return next((reason.reason for reason in known if reason.fits(mutant)), "")
