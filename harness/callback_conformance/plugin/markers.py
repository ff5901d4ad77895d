"""What the suite's tests are marked with."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import pytest


def covers(*ids: str) -> pytest.MarkDecorator:
    """Mark a test with the requirements that it decides."""
    return pytest.mark.covers(*ids)


def observes(topic: str, *dialects: str) -> pytest.MarkDecorator:
    """Mark a test that judges nothing: it tells what an implementation does that may do as it likes."""
    return pytest.mark.observes(topic, *dialects)


def only(*dialects: str) -> pytest.MarkDecorator:
    """Mark a test whose case exists in these dialects alone, though its requirement binds others too."""
    return pytest.mark.only(*dialects)


def needs(*capabilities: str) -> pytest.MarkDecorator:
    """Mark a test that does not apply to a backend that is built without one of these (``capabilities.py``), or that
    declares it absent."""
    return pytest.mark.needs(*capabilities)


def lacks(capability: str) -> pytest.MarkDecorator:
    """Mark a test of what holds where a backend declares this absent; it applies nowhere else."""
    return pytest.mark.lacks(capability)


#: Takes what an observation has seen.
Observe: TypeAlias = Callable[[str], None]

#: Mark a test that chooses the moment of each poll: in a browser the page's clock does.
wire_only = pytest.mark.wire_only

#: Mark a test whose subject is time: what it costs is no cost of the harness.
takes_time = pytest.mark.takes_time
