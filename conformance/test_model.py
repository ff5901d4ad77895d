"""The model of SPEC.md beside drawn programs: what is done to them, and what their pages show."""

from __future__ import annotations

from callback_conformance.explore.check import check
from callback_conformance.plugin import OpenPage, compares_with_model
from callback_conformance.results.known_failures import KnownFailures
from callback_conformance.session.cell import Cell

SEQUENCES = 3  # on each cell, in each run; `make explore` plays many


@compares_with_model
def test_pages_show_what_the_model_allows(
    open_page: OpenPage, cell: Cell, known_failures: KnownFailures, seed: int
) -> None:
    check(open_page, cell, known_failures, SEQUENCES, seed)
