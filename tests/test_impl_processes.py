"""How ``impl_dash_style`` finds the processes of its jobs again, and whom it kills."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask

from impl_dash_style import Input, Output, process
from impl_dash_style.declaration import declare
from impl_dash_style.job import JobOutcome
from impl_dash_style.run_store import RunStore
from impl_dash_style.runs import Runs
from impl_dash_style.trigger import RequestFacts, Trigger
from tests.recording_manager import RecordingManager

TRIGGER = Trigger(
    [{"id": "out", "property": "children"}],
    [{"id": "run", "property": "n_clicks", "value": 1}],
    [],
    ["run.n_clicks"],
    "{}",
    RequestFacts({}, {}, "/", {}, None, None),
)


@contextmanager
def stranger() -> Iterator[subprocess.Popen[bytes]]:
    """A process that is no job."""
    with subprocess.Popen(["sleep", "60"]) as running:
        try:
            yield running
        finally:
            running.kill()


@contextmanager
def later_than(start: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process that is no job and was started in a later tick of the system."""
    while True:
        with stranger() as running:
            if process.reference(running.pid) != f"{running.pid} {start}":
                yield running
                return


def test_a_process_with_the_number_of_a_dead_job_is_not_killed() -> None:
    with stranger() as job:
        reference = process.reference(job.pid)
    _, _, start = reference.partition(" ")
    with later_than(start) as bystander:
        renumbered = f"{bystander.pid} {start}"
        process.kill_tree(renumbered)
        assert process.find(renumbered) is None
        assert bystander.poll() is None


def test_a_job_is_killed() -> None:
    with stranger() as job:
        process.kill_tree(process.reference(job.pid))
        assert job.wait() < 0


@pytest.mark.parametrize("ended", [True, False])
def test_a_trigger_kills_the_job_before_it_unless_that_has_ended(ended: bool) -> None:
    callback = declare(
        lambda clicks: clicks,
        (Output("out", "children"), Input("run", "n_clicks")),
        {"background": True},
    )
    assert callback.background
    manager = RecordingManager()
    runs = Runs(callback, callback.background, manager)
    with Flask("program").test_request_context():
        first = runs.start("page", TRIGGER, 1)
        if ended:
            RunStore(manager.store).set_outcome(first, JobOutcome(response="{}"))
        runs.start("page", TRIGGER, 2)
    assert manager.killed == ([] if ended else [f"process of {first}"])
