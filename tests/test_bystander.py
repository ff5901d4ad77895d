"""A process that is no job: whether it lives is a fact, and it may have a chosen number."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from callback_conformance.control.violation import Violation
from callback_conformance.processes import NotDecided
from callback_conformance.processes.bystander import Bystander


@pytest.fixture
def bystander() -> Iterator[Bystander]:
    """A process of any number."""
    process = Bystander()
    yield process
    process.close()


def test_a_bystander_that_nobody_has_stopped_is_alive(bystander: Bystander) -> None:
    bystander.expect_alive()
    bystander.expect_alive()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_bystander_that_was_sent_a_signal_is_not_alive(
    bystander: Bystander, number: signal.Signals
) -> None:
    os.kill(bystander.pid, number)
    with pytest.raises(Violation, match=f"process {bystander.pid}, which is no job, was stopped"):
        bystander.expect_alive()


def test_a_number_that_is_not_free_decides_nothing(bystander: Bystander) -> None:
    with pytest.raises(NotDecided, match=f"with the number {bystander.pid} "):
        Bystander(bystander.pid)


def test_a_bystander_has_the_number_of_a_process_that_is_dead(bystander: Bystander) -> None:
    bystander.close()
    try:
        successor = Bystander(bystander.pid)
    except NotDecided as missing:
        pytest.skip(str(missing))
    assert successor.pid == bystander.pid
    successor.expect_alive()
    successor.close()
