"""What the reader of a new failure can do: read the requirement, record a release's deviation, report a mistake of ours."""

from __future__ import annotations

import importlib.metadata
import json
from collections.abc import Iterator, Sequence

from callback_conformance.session.cell import Cell
from callback_conformance.spec import Requirement


def next_steps(
    cell: Cell, requirements: Sequence[Requirement], test: str, message: str
) -> Iterator[str]:
    """The lines below a failure that no known failure explains."""
    addresses = _addresses()
    for requirement in requirements:
        yield f"the requirement: {addresses['Specification']}#{requirement.id.lower()}"
    if cell.adapter.released and not cell.identity.may_do_better:
        yield "if the release is wrong: write its entry (deviations/README.md), and add to"
        yield f"conformance/expected/{cell.identity.known_as}.toml:"
        yield from ("", *_entry(cell, requirements[0], test, message), "")
    yield f"if the requirement or the test is wrong: {addresses['Issues']}"


def _entry(cell: Cell, requirement: Requirement, test: str, message: str) -> Iterator[str]:
    """The known failure, to paste; TOML writes a text as JSON does."""
    seen = next(iter(message.strip().splitlines()), "")
    yield "[[failure]]"
    yield f'requirement = "{requirement.id}"'
    yield f"tests = [{json.dumps(test, ensure_ascii=False)}]"
    yield f"seen = {json.dumps(seen, ensure_ascii=False)}"
    yield f'versions = ">={cell.identity.known_version}"'
    yield 'deviation = "ID OF THE ENTRY"'


def _addresses() -> dict[str, str]:
    """The addresses of this project, by name, as its distribution names them."""
    lines = importlib.metadata.metadata("callback-conformance").get_all("Project-URL") or []
    return dict(line.split(", ", 1) for line in lines)
