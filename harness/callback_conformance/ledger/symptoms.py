"""What a user sees of the deviations, in the user's words: ``deviations/symptoms.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from callback_conformance.ledger.entries import LEDGER, BadEntry, Deviation, Impact

NAME = "symptoms.toml"
_KEYS = {"name", "title", "words", "deviations"}


@dataclass(frozen=True)
class Symptom:
    """Something that a user sees."""

    #: Permanent: others link to it.
    name: str
    #: One line of Markdown.
    title: str
    #: What a user may look for, separated by commas.
    words: str
    #: The ids of the entries that look like it.
    deviations: tuple[str, ...]


def read_symptoms(deviations: Sequence[Deviation], folder: Path = LEDGER) -> list[Symptom]:
    """Read the symptoms of these entries; a ledger without the file has none. Raises BadEntry."""
    file = folder / NAME
    if not file.exists():
        return []
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))["symptom"]
    except (OSError, tomllib.TOMLDecodeError, KeyError) as error:
        raise BadEntry(f"{NAME}: expected tables [[symptom]], but: {error}") from error
    ids = {deviation.id for deviation in deviations}
    for table in tables:
        if set(table) != _KEYS:
            raise BadEntry(f"{NAME}: a [[symptom]] has {sorted(table)}; expected {sorted(_KEYS)}")
        if unknown := [id for id in table["deviations"] if id not in ids]:
            raise BadEntry(f"{NAME}: {table['name']!r} lists {unknown[0]!r}, which is no entry")
    return [
        Symptom(table["name"], table["title"], table["words"], tuple(table["deviations"]))
        for table in tables
    ]


def worst_first(deviations: Iterable[Deviation], symptoms: Sequence[Symptom]) -> list[Deviation]:
    """The entries by their impact, and where that is equal, by their place in the list of symptoms."""
    listed = [id for symptom in symptoms for id in symptom.deviations]
    place = {id: number for number, id in reversed(list(enumerate(listed)))}
    impacts = list(Impact)
    return sorted(
        deviations,
        key=lambda entry: (impacts.index(entry.impact), place.get(entry.id, len(listed)), entry.id),
    )
