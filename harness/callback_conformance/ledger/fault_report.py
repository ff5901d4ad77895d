"""A fault as its maintainer wants to read it: one report that needs no other text and nothing of this project."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence

from packaging.specifiers import SpecifierSet
from packaging.version import Version

from callback_conformance.adapters import find
from callback_conformance.ledger.entries import (
    LEDGER,
    Deviation,
    Impact,
    UnknownDeviation,
    read_ledger,
)
from callback_conformance.ledger.export import export
from callback_conformance.ledger.symptoms import read_symptoms, worst_first

#: What each impact means to a user.
IMPACTS = {
    Impact.LEAK: "what belongs to one user reaches another",
    Impact.LOST: "a result, an update, a failure or an act of a user is lost",
    Impact.STUCK: "a page waits, or a job goes on, without end",
    Impact.WRONG_VALUE: "a page shows, or a job receives, something else than it should",
    Impact.REFUSED: "what is documented raises an error or has no effect",
    Impact.COSMETIC: "a message is missing, late or unclear, or work is repeated",
}
NAMES = {"dash": "Dash", "dash_labs": "Dash Labs", "taipy": "Taipy"}
PARTS = ("Seen", "Why", "What a maintainer could do", "The reproducer")

#: What is printed, by an entry's id: the output of its reproducer, and the version that it ran on.
Outputs = Mapping[str, tuple[str, str]]


def entries_of(fault: str, release: str = "") -> list[Deviation]:
    """The entries of a fault that its newest version has, the worst first; all of them if that has none.

    ``fault`` is its slug, or the id of an entry, which comes first. Where releases share the slug, the first of them that
    is not older code is meant, unless ``release`` names one. Raises UnknownDeviation, BadEntry.
    """
    everything = read_ledger(LEDGER)
    ranked = worst_first(everything, read_symptoms(everything))
    chosen = [entry for entry in ranked if fault in (entry.fault.slug, entry.id)]
    chosen = [entry for entry in chosen if release in ("", entry.release)]
    if not chosen:
        where = f" of {release}" if release else ""
        raise UnknownDeviation(
            f"{fault!r} is no fault{where} and no entry; `callback-conformance ledger list` names the entries, "
            "deviations/INDEX.md the faults"
        )
    first = chosen[0]
    family = [
        entry
        for entry in ranked
        if (entry.release, entry.fault.slug) == (first.release, first.fault.slug)
    ]
    newest = max((version for entry in family for version in entry.verified), key=Version)
    current = [entry for entry in family if entry.occurs_in(newest)]
    return [*[each for each in current if each is first], *[e for e in current if e is not first]]


def issue(entries: Sequence[Deviation], outputs: Outputs) -> str:
    """The report of these entries of one fault, as Markdown; the program is that of the first. Raises NotExportable."""
    first = entries[0]
    parts = [
        f"# {_name(first)}: {first.title if len(entries) == 1 else first.fault.title}\n",
        f"{first.fault.cause}\n",
        *_facts(entries),
        "",
        "## What happens\n",
        *_happens(entries),
        "## Why\n",
        f"{part_of(first, 'Why')}\n",
        *_program(first, outputs),
        *_workaround(first),
        *_remedy(first),
        *_others(entries[1:], outputs),
    ]
    return "\n".join(parts)


def part_of(deviation: Deviation, part: str) -> str:
    """One part of an entry's text, each of whose parts begins with its name in bold."""
    _, _, rest = deviation.text.partition(f"**{part}.**")
    for other in PARTS:
        rest = rest.partition(f"**{other}.**")[0]
    return " ".join(rest.split())


def _name(deviation: Deviation) -> str:
    return NAMES.get(deviation.release, deviation.release)


def _facts(entries: Sequence[Deviation]) -> Iterator[str]:
    impacts = dict.fromkeys(entry.impact for entry in entries)
    versions = sorted({v for entry in entries for v in entry.verified}, key=Version)
    threads = ", ".join(dict.fromkeys(thread for entry in entries for thread in entry.upstream))
    yield f"- **Impact:** {'; '.join(IMPACTS[impact] for impact in impacts)}."
    yield f"- **Since:** {since(entries[0])}; the oldest version on which it was run is {versions[0]}."
    yield f"- **Fixed in:** {fixed_in(entries[0])}; the newest version on which it was run is {versions[-1]}."
    yield f"- **Reported before:** {threads or 'not that we know of'}."


def since(deviation: Deviation) -> str:
    """The version that first has a deviation, in words where it always was there."""
    return _bound(deviation, (">=", "==")) or "the first release"


def fixed_in(deviation: Deviation) -> str:
    """The version that first lacks it again, in words where none does."""
    return _bound(deviation, ("<",)) or "no release"


def _bound(deviation: Deviation, operators: tuple[str, ...]) -> str:
    bounds = [
        each.version for each in SpecifierSet(deviation.versions) if each.operator in operators
    ]
    return bounds[0] if bounds else ""


def _happens(entries: Sequence[Deviation]) -> Iterator[str]:
    if len(entries) == 1:
        yield f"{part_of(entries[0], 'Seen')}\n"
        return
    for entry in entries:
        yield f"- **{entry.title}.** {part_of(entry, 'Seen')}"
    yield ""


def _program(deviation: Deviation, outputs: Outputs) -> Iterator[str]:
    yield "## A program that shows it\n"
    yield f"{part_of(deviation, 'The reproducer')} It exits with 1 if the deviation is there and with 0 if not.\n"
    yield f"{_install(deviation)}\n"
    yield f"```python\n{export(deviation)}```\n"
    if deviation.id in outputs:
        yield _output(*outputs[deviation.id])


def _install(deviation: Deviation) -> str:
    """The command that provides what the program imports."""
    release, newest = find(deviation.release), max(deviation.verified, key=Version)
    packages = [
        *(release.requirements(newest) if release.requirements else ()),
        *deviation.requirements,
    ]
    return f"    pip install {shlex.join(packages)}    # Python {release.python(newest)}"


def _output(printed: str, version: str) -> str:
    return f"On {version} it prints what is expected and what is seen:\n\n```text\n{printed}\n```\n"


def _workaround(deviation: Deviation) -> Iterator[str]:
    if deviation.fault.workaround:
        yield "## Workaround\n"
        yield f"{deviation.fault.workaround} (Tried on {deviation.fault.workaround_tried}.)\n"


def _remedy(deviation: Deviation) -> Iterator[str]:
    if deviation.remedy_tried:
        where = "a copy of " if deviation.remedy_tried in deviation.verified else ""
        yield "## What could be done\n"
        yield (
            f"{part_of(deviation, 'What a maintainer could do')} Tried on {where}{deviation.remedy_tried}: "
            "the program above then exits with 0.\n"
        )


def _others(entries: Sequence[Deviation], outputs: Outputs) -> Iterator[str]:
    """What the programs of the others print; the programs are left out."""
    shown = [entry for entry in entries if entry.id in outputs]
    if shown:
        yield "## The same cause, seen elsewhere\n"
    for entry in shown:
        printed, version = outputs[entry.id]
        yield f"{entry.title}. {part_of(entry, 'The reproducer')}\n\n{_output(printed, version)}"
