"""SPEC.md as objects: the only list of requirements.

``callback-conformance spec write`` writes ``spec.json`` from SPEC.md; an installed suite reads that.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from callback_conformance import places
from callback_conformance.spec.basis import Basis, bases

DIALECTS = ("background", "long_callback", "labs", "taipy")
LEVELS = ("MUST", "MUST NOT", "SHOULD", "SHOULD NOT")
JSON = Path(__file__).with_name("spec.json")
SPEC = places.SPEC

_CHAPTER = re.compile(r"## (\d+)\. (.+)")
_ID = re.compile(r"[A-Z]+-[1-9]\d*")


class MalformedSpecification(ValueError):
    """SPEC.md is not in its form; the message gives the line and what was expected there."""


@dataclass(frozen=True)
class Requirement:
    """One numbered statement. ``source`` cites documents and headings, or says why it is derived."""

    id: str
    chapter: int
    sentence: str
    level: str
    dialects: tuple[str, ...]
    source: str
    #: What obliges an implementation in each of the dialects.
    basis: Mapping[str, Basis] = field(hash=False)
    intent: str = ""

    @property
    def binding(self) -> bool:
        """True for a MUST, which a run may not leave undecided."""
        return self.level.startswith("MUST")

    @property
    def plain(self) -> str:
        """The sentence without its markup."""
        return self.sentence.replace("**", "").replace("`", "")


@dataclass(frozen=True)
class Specification:
    """All chapters (number to title) and requirements (id to requirement), and the text's hash."""

    hash: str
    chapters: Mapping[int, str]
    requirements: Mapping[str, Requirement]

    def of_chapter(self, number: int) -> list[Requirement]:
        """The requirements of one chapter, in order."""
        return [
            requirement
            for requirement in self.requirements.values()
            if requirement.chapter == number
        ]


def parse(text: str) -> Specification:
    """Read SPEC.md's text. Raises MalformedSpecification."""
    lines = list(enumerate(text.splitlines(), start=1))
    chapters: dict[int, str] = {}
    requirements: dict[str, Requirement] = {}
    for place, (number, line) in enumerate(lines):
        if heading := _CHAPTER.fullmatch(line):
            if int(heading[1]) != len(chapters) + 1:
                raise MalformedSpecification(
                    f"line {number}: chapter {heading[1]} follows chapter {len(chapters)}"
                )
            chapters[int(heading[1])] = heading[2]
        elif line.startswith("#### "):
            requirement = _requirement(
                line.removeprefix("#### ").strip(),
                number,
                lines[place + 1 :],
                chapters,
                requirements,
            )
            if requirement.id in requirements:
                raise MalformedSpecification(
                    f"line {number}: the id {requirement.id} is used twice"
                )
            requirements[requirement.id] = requirement
    if not requirements:
        raise MalformedSpecification("it holds no requirement: no heading of the form `#### RUN-1`")
    return Specification(hashlib.sha256(text.encode()).hexdigest(), chapters, requirements)


def load() -> Specification:
    """The specification that this suite was made from (``spec.json``)."""
    data = json.loads(JSON.read_text(encoding="utf-8"))
    requirements = {fields["id"]: _loaded(fields) for fields in data["requirements"]}
    chapters = {int(number): title for number, title in data["chapters"].items()}
    return Specification(data["hash"], chapters, requirements)


def _loaded(fields: dict[str, Any]) -> Requirement:
    dialects = tuple(fields["dialects"])
    basis = {dialect: Basis(word) for dialect, word in fields["basis"].items()}
    return Requirement(**{**fields, "dialects": dialects, "basis": basis})


def as_json(specification: Specification) -> str:
    """The text of ``spec.json``."""
    data = {
        "hash": specification.hash,
        "chapters": specification.chapters,
        "requirements": [dataclasses.asdict(r) for r in specification.requirements.values()],
    }
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def read_markdown() -> Specification:
    """The specification as SPEC.md states it. Raises MalformedSpecification."""
    if not SPEC.is_file():
        raise MalformedSpecification(
            f"{SPEC} does not exist: an installed suite has spec.json only; run this in a checkout"
        )
    try:
        return parse(SPEC.read_text(encoding="utf-8"))
    except ValueError as error:
        raise MalformedSpecification(f"SPEC.md is malformed: {error}") from error


def is_in_step(specification: Specification) -> bool:
    """True if ``spec.json`` was written from this specification."""
    return JSON.is_file() and JSON.read_text(encoding="utf-8") == as_json(specification)


def write_json(specification: Specification) -> Path:
    """Write ``spec.json``, and return its file."""
    JSON.write_text(as_json(specification), encoding="utf-8")
    return JSON


def _requirement(
    id: str,
    number: int,
    following: list[tuple[int, str]],
    chapters: Mapping[int, str],
    earlier: Mapping[str, Requirement],
) -> Requirement:
    if not _ID.fullmatch(id):
        raise MalformedSpecification(
            f"line {number}: {id!r} is no id; expected capitals, a hyphen and a number, as RUN-1"
        )
    if not chapters:
        raise MalformedSpecification(f"line {number}: {id} stands before the first chapter")
    body = _body(following)
    _, sentence = next(body, (number, ""))
    if not sentence.startswith("> "):
        raise MalformedSpecification(
            f"line {number}: under {id} a sentence quoted with `> ` is expected"
        )
    _, binding = next(body, (number, ""))
    dialects, source = _binding(binding, id, number)
    _, intent = next(body, (number, ""))
    try:
        basis = bases(source, dialects, {origin.id: origin.basis for origin in earlier.values()})
    except ValueError as error:
        raise MalformedSpecification(f"line {number}: the source of {id}: {error}") from None
    return Requirement(
        id=id,
        chapter=max(chapters),
        sentence=sentence.removeprefix("> "),
        level=_level(sentence, id, number),
        dialects=dialects,
        source=source,
        basis=basis,
        intent=intent.removeprefix("Intent: ") if intent.startswith("Intent: ") else "",
    )


def _binding(line: str, id: str, number: int) -> tuple[tuple[str, ...], str]:
    """The dialects that a requirement binds, and its source."""
    listed, separator, source = line.partition(" · ")
    dialects = tuple(name.strip() for name in listed.split(","))
    if not separator or set(dialects) - set(DIALECTS) or not source.strip():
        raise MalformedSpecification(
            f"line {number}: under the sentence of {id} `dialects · source` is expected, with dialects "
            f"of {', '.join(DIALECTS)}; found {line!r}"
        )
    return dialects, source.strip()


def _body(following: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """The lines under a requirement's heading that are not empty, up to the next heading."""
    for number, line in following:
        if line.startswith("#"):
            return
        if line.strip():
            yield number, line.strip()


def _level(sentence: str, id: str, number: int) -> str:
    bold = re.findall(r"\*\*([A-Z ]+)\*\*", sentence)
    if len(bold) != 1 or bold[0] not in LEVELS:
        raise MalformedSpecification(
            f"line {number}: the sentence of {id} has the bold words {bold}; expected one of "
            f"{', '.join(LEVELS)}, once"
        )
    return str(bold[0])
