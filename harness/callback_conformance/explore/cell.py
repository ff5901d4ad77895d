"""The model on one cell: which requirements bind it, what it offers, and what is known of it."""

from __future__ import annotations

from callback_conformance.adapters import Feature
from callback_conformance.explore.drawing import Offer
from callback_conformance.explore.findings import Findings
from callback_conformance.explore.machine import draw_sequences
from callback_conformance.explore.plan import Stage
from callback_conformance.explore.player import Patience
from callback_conformance.model.rules import UNCOVERED
from callback_conformance.results.known_failures import KnownFailures
from callback_conformance.session.cell import Cell
from callback_conformance.session.open_page import OpenPage
from callback_conformance.spec import Basis, Specification


def stage_of(
    cell: Cell, open_page: OpenPage, known_failures: KnownFailures, specification: Specification
) -> Stage:
    """Where sequences are played on a cell."""

    def is_binding(requirement: str) -> bool:
        if requirement == UNCOVERED:
            return True
        basis = specification.requirements[requirement].basis.get(cell.spec.dialect)
        return basis is not None and not (
            cell.adapter.released and basis == Basis.THIRD_PARTY_DOCUMENT
        )

    violated = set(known_failures.deviations(cell.identity))
    return Stage(open_page.new_session, is_binding, Patience(violated))


def offer_of(cell: Cell, waits: bool) -> Offer:
    """What programs of a cell may use; ``waits``: sequences may take long."""
    return Offer(
        cell.spec.dialect,
        pairs=not cell.adapter.released,
        set_props=Feature.SET_PROPS not in cell.absent,
        on_error=Feature.ON_ERROR not in cell.absent,
        no_output=Feature.NO_OUTPUT not in cell.absent,
        overhears=cell.spec.driver == "wire",
        waits=waits,
    )


def explore(
    cell: Cell, stage: Stage, findings: Findings, sequences: int, seed: int, waits: bool = True
) -> None:
    """Draw so many sequences, play them, and compare each with the model; ``waits``: they may take long."""
    draw_sequences(stage, offer_of(cell, waits), findings.add, sequences, seed)
