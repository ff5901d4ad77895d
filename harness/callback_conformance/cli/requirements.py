"""Requirements as a person names them: by id, by the first part of ids, by chapter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from callback_conformance.spec import Requirement, Specification


class UnknownWord(LookupError):
    """A word names no requirement and no chapter; the message says what would."""


def requirements_of(specification: Specification, words: Sequence[str]) -> list[Requirement]:
    """The requirements that any of the words names, in order: RUN-1, RUN, 5, Running. Without words, all.

    Raises UnknownWord.
    """
    chosen = {id for word in words for id in _ids_of(specification, word)}
    return [
        requirement
        for id, requirement in specification.requirements.items()
        if not words or id in chosen
    ]


def _ids_of(specification: Specification, word: str) -> list[str]:
    if word.upper() in specification.requirements:
        return [word.upper()]
    for number, title in specification.chapters.items():
        if word.casefold() in (str(number), title.casefold()):
            return [requirement.id for requirement in specification.of_chapter(number)]
    ids = [id for id in specification.requirements if id.partition("-")[0] == word.upper()]
    if not ids:
        raise UnknownWord(
            f"{word!r} is not a requirement or a chapter; expected, for example, RUN-1, RUN, 5 or Running"
        )
    return ids


def chapter_lines(specification: Specification) -> Iterator[str]:
    """One line for each chapter: its number, its title, how many requirements it has."""
    for number, title in specification.chapters.items():
        yield f"{number:>2}  {title:<34} {len(specification.of_chapter(number)):>3}"
