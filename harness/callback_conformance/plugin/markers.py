"""What the suite's tests are marked with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeAlias

import pytest

from callback_conformance.adapters import Feature
from callback_conformance.backends import Capability
from callback_conformance.session.cell import Cell
from callback_conformance.spec import Basis, Requirement

MARKERS = (
    "covers(*ids): the requirements of SPEC.md that the test decides",
    "observes(topic, *dialects): implementation-defined behaviour, without a verdict",
    "only(*dialects): the case exists in these dialects alone",
    "needs(*capabilities): what the backend must have, and what the release must offer",
    "lacks(capability): the case of a backend without it",
    "compares_with_model: the test compares drawn programs with the model, and names the requirement that it finds violated",
    "probes_absence: the test proves that a release lacks what its adapter declares absent",
    "wire_only: the test chooses polls, as no browser lets it",
    "takes_time: time itself is the subject of the test",
)

UNPROMISED = "stated by a third party's document alone"


def declare(config: pytest.Config) -> None:
    """Tell pytest of the markers, which it checks strictly."""
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)


def covers(*ids: str) -> pytest.MarkDecorator:
    """Mark a test with the requirements that it decides."""
    return pytest.mark.covers(*ids)


def observes(topic: str, *dialects: str) -> pytest.MarkDecorator:
    """Mark a test that judges nothing: it tells what an implementation does that may do as it likes."""
    return pytest.mark.observes(topic, *dialects)


def only(*dialects: str) -> pytest.MarkDecorator:
    """Mark a test whose case exists in these dialects alone, though its requirement binds others too."""
    return pytest.mark.only(*dialects)


def needs(*needed: Capability | Feature) -> pytest.MarkDecorator:
    """Mark a test that does not apply to a backend or a release without one of these."""
    return pytest.mark.needs(*needed)


def lacks(capability: Capability) -> pytest.MarkDecorator:
    """Mark a test of what holds on a backend without this; it applies nowhere else."""
    return pytest.mark.lacks(capability)


class Marked(Protocol):
    """A test with its marks, as pytest's own items have them."""

    def iter_markers(self, name: str) -> Iterator[pytest.Mark]: ...


def exclusions(
    test: Marked, cell: Cell, requirements: Iterable[Requirement]
) -> dict[Requirement, str]:
    """Those of a test's requirements that bind a cell's dialect, each with why the test does not apply to its
    backend or release; "" where it does. None of them if the test is for other dialects alone."""
    dialect = cell.spec.binding_dialect
    if any(dialect not in mark.args for mark in test.iter_markers("only")):
        return {}
    reason = exclusion(test, cell)
    return {
        requirement: unpromised(requirement, cell) or reason
        for requirement in requirements
        if dialect in requirement.dialects
    }


def exclusion(test: Marked, cell: Cell) -> str:
    """Why a test does not apply to a cell's backend or release; empty where it does."""
    needed = [need for mark in test.iter_markers("needs") for need in mark.args]
    lacking: list[Capability] = [c for mark in test.iter_markers("lacks") for c in mark.args]
    for feature in needed:
        if feature in cell.absent:
            return absence(cell, feature)
    backend = cell.backend
    if missing := backend.lacks(*(need for need in needed if isinstance(need, Capability))):
        return f"{backend.name} lacks {missing.description}"
    present = next((c for c in lacking if c in backend.capabilities), None)
    return f"{backend.name} has {present.description}" if present else ""


def absence(cell: Cell, feature: Feature) -> str:
    """The reason for which requirements do not apply to a release without a feature."""
    return f"{cell.release_name} does not offer {feature.description}"


def unpromised(requirement: Requirement, cell: Cell) -> str:
    """Why a requirement does not bind a release that never promised it; empty where it does."""
    third_party = requirement.basis[cell.spec.binding_dialect] == Basis.THIRD_PARTY_DOCUMENT
    return UNPROMISED if third_party and cell.adapter.released else ""


#: Takes what an observation has seen.
Observe: TypeAlias = Callable[[str], None]

#: Mark a test that chooses the moment of each poll: in a browser the page's clock does.
wire_only = pytest.mark.wire_only

#: Mark a test that compares drawn programs with the model of the specification.
compares_with_model = pytest.mark.compares_with_model

#: Mark a test that runs once for each feature that a cell's release is declared to lack.
probes_absence = pytest.mark.probes_absence

#: Mark a test whose subject is time: what it costs is no cost of the harness.
takes_time = pytest.mark.takes_time
