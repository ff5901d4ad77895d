"""The result of a run in words: its last lines, which fit a screen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from callback_conformance.results.cell import CellIdentity
from callback_conformance.results.known_failures import Explanation
from callback_conformance.results.verdict import Verdict, Verdicts
from callback_conformance.results.wording import counted, listed, wrapped

#: How many deviations of each impact are told: as one, and as several. The impacts are those of the ledger.
IMPACTS = {
    "leak": ("leak between users", "leaks between users"),
    "lost": ("loss", "losses"),
    "stuck": ("endless wait", "endless waits"),
    "wrong value": ("wrong value", "wrong values"),
    "refused": ("refusal of what is documented", "refusals of what is documented"),
    "cosmetic": ("blemish", "blemishes"),
}
WORST = 3  # deviations that are named of a cell
AT_LENGTH = 2  # cells that are told with their worst; of more cells, each has its numbers
IDS = 6  # requirements that are named of a kind


def closing(
    verdicts: Verdicts, explanations: Mapping[str, Explanation], folder: Path | None
) -> Iterator[str]:
    """What a reader who sees the last screen alone must know. ``explanations`` are the entries of the ledger by id, the
    worst first; ``folder`` is where the run's report is."""
    conforming = [cell for cell in verdicts.cells if _conforms(verdicts, cell)]
    others = [cell for cell in verdicts.cells if cell not in conforming]
    yield from _conforming(verdicts, conforming, everything=not others)
    for cell in others:
        yield from _cell(verdicts, cell, explanations, len(others) <= AT_LENGTH)
    for stale in verdicts.stale:
        yield from wrapped(
            f"a known failure in expected/ that no test has shown, so the run fails: {stale}"
        )
    yield from _what_to_do(verdicts, others, folder)


def _conforms(verdicts: Verdicts, cell: CellIdentity) -> bool:
    return not verdicts.with_verdict(cell, Verdict.VIOLATED, Verdict.NOT_DECIDED)


def _conforming(
    verdicts: Verdicts, cells: Sequence[CellIdentity], everything: bool
) -> Iterator[str]:
    """The cells without a violation; several of them in one sentence."""
    if not cells:
        return
    applied = [
        len(verdicts.with_verdict(cell, Verdict.VERIFIED, Verdict.NOT_SELECTED)) for cell in cells
    ]
    verified = [len(verdicts.with_verdict(cell, Verdict.VERIFIED)) for cell in cells]
    names = listed(dict.fromkeys(_name(cell) for cell in cells), IDS)
    if verdicts.narrowed:
        least = "" if len(set(verified)) == 1 else f"{min(verified)} to "
        selected = counted(max(verified), "selected requirement")
        yield from wrapped(f"{names}: {least}{selected} verified, none violated.")
        return
    what = f"{len(cells)} cells, all conform" if len(cells) > 1 else "1 cell conforms"
    joint = "" if everything else "of these cells: "
    spread = f"{min(applied)} to {max(applied)}" if len(set(applied)) > 1 else str(applied[0])
    yield from wrapped(f"{joint}{what} ({spread} requirements verified): {names}.")


def _cell(
    verdicts: Verdicts,
    cell: CellIdentity,
    explanations: Mapping[str, Explanation],
    at_length: bool,
) -> Iterator[str]:
    violated = verdicts.with_verdict(cell, Verdict.VIOLATED)
    new = [each.id for each in violated if verdicts.has_new_violation(cell, each)]
    undecided = [
        each.id for each in verdicts.with_verdict(cell, Verdict.NOT_DECIDED) if each.binding
    ]
    decided = len(violated) + len(verdicts.with_verdict(cell, Verdict.VERIFIED))
    of_what = counted(decided, "selected requirement" if verdicts.narrowed else "requirement")
    which = "" if not violated else f", {len(new)} of them new" if new else ", all known"
    yield from wrapped(f"{_name(cell)}: {len(violated)} of {of_what} violated{which}.")
    if new:
        yield from wrapped(f"new, so the run fails: {listed(new, IDS)}", "  ")
    if undecided:
        yield from wrapped(f"not decided, so the run fails: {listed(undecided, IDS)}", "  ")
    shown = {id for each in violated for id in verdicts.deviations(cell, each)}
    entries = {id: entry for id, entry in explanations.items() if id in shown}
    if entries:
        yield from wrapped(f"{_impacts(entries)}.", "  ")
    if at_length and entries:
        yield "  The worst:"
        for id, entry in list(entries.items())[:WORST]:
            yield from wrapped(f"- {entry.title} ({id})", "  ")


def _name(cell: CellIdentity) -> str:
    driver = "" if cell.spec.driver == "wire" else f" in a {cell.spec.driver}"
    return (
        f"{cell.implementation} {cell.version} on {cell.spec.backend} ({cell.spec.dialect}){driver}"
    )


def _impacts(entries: Mapping[str, Explanation]) -> str:
    counts = Counter(entry.impact for entry in entries.values())
    return ", ".join(
        f"{counts[impact]} {words[counts[impact] > 1]}"
        for impact, words in IMPACTS.items()
        if counts[impact]
    )


def _what_to_do(
    verdicts: Verdicts, cells: Sequence[CellIdentity], folder: Path | None
) -> Iterator[str]:
    pages = f"callback-conformance report {folder}" if folder else "run with --report=FOLDER"
    yield from wrapped(f"Pages of this run: {pages}. Each verdict: --verdicts; why: -v.")
    shown = any(
        verdicts.deviations(cell, each)
        for cell in cells
        for each in verdicts.with_verdict(cell, Verdict.VIOLATED)
    )
    if shown:
        yield from wrapped(
            "What is known, why, and a program: callback-conformance ledger show ID."
        )
