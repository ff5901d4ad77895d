"""The contents list of SPEC.md: each chapter, and how many of its requirements bind each dialect."""

from __future__ import annotations

import re

from callback_conformance.spec.specification import DIALECTS, Specification

_ROWS = re.compile(r"(?:^\| \[\d+\. .*\n)+", re.MULTILINE)


def with_contents(text: str, specification: Specification) -> str:
    """SPEC.md's text with the rows of its contents list as its requirements are; unchanged if it has no list."""
    return _ROWS.sub(lambda _: _rows(specification), text, count=1)


def _rows(specification: Specification) -> str:
    rows = []
    for number, title in specification.chapters.items():
        anchor = f"{number}-{title.lower().replace(' ', '-')}"
        bound = [
            dialect
            for requirement in specification.of_chapter(number)
            for dialect in requirement.dialects
        ]
        counts = [str(bound.count(dialect) or "-") for dialect in DIALECTS]
        rows.append(f"| [{number}. {title}](#{anchor}) | {' | '.join(counts)} |\n")
    return "".join(rows)
