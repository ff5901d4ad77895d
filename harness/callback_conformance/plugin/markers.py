"""What the suite's tests are marked with."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import pytest

from callback_conformance.backends import Backend, Capability

MARKERS = (
    "covers(*ids): the requirements of SPEC.md that the test decides",
    "observes(topic, *dialects): implementation-defined behaviour, without a verdict",
    "only(*dialects): the case exists in these dialects alone",
    "needs(*capabilities): what the backend must have",
    "lacks(capability): the case of a backend without it",
    "wire_only: the test chooses polls, as no browser lets it",
    "takes_time: time itself is the subject of the test",
)


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


def needs(*capabilities: Capability) -> pytest.MarkDecorator:
    """Mark a test that does not apply to a backend without one of these."""
    return pytest.mark.needs(*capabilities)


def lacks(capability: Capability) -> pytest.MarkDecorator:
    """Mark a test of what holds on a backend without this; it applies nowhere else."""
    return pytest.mark.lacks(capability)


def exclusion(test: pytest.Item, backend: Backend) -> str:
    """Why a test does not apply to a backend; empty where it does."""
    needed: list[Capability] = [c for mark in test.iter_markers("needs") for c in mark.args]
    lacking: list[Capability] = [c for mark in test.iter_markers("lacks") for c in mark.args]
    if missing := backend.lacks(*needed):
        return f"{backend.name} lacks {missing.description}"
    present = next((c for c in lacking if c in backend.capabilities), None)
    return f"{backend.name} has {present.description}" if present else ""


#: Takes what an observation has seen.
Observe: TypeAlias = Callable[[str], None]

#: Mark a test that chooses the moment of each poll: in a browser the page's clock does.
wire_only = pytest.mark.wire_only

#: Mark a test whose subject is time: what it costs is no cost of the harness.
takes_time = pytest.mark.takes_time
