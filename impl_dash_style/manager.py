"""What a manager must do: run jobs outside the server's processes, and know where they stand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, runtime_checkable

from .job import Job
from .store import Store

Reference = Any
"""How a manager finds a job again, from any server process. It is kept in the store."""


@runtime_checkable
class Manager(Protocol):
    """Where jobs run, and where they leave their progress and results.

    `perform(job, manager.store)` of `job.py` is what the job has to do, wherever it runs.
    """

    @property
    def store(self) -> Store: ...

    def start(self, job: Job, admit: Callable[[Reference], bool]) -> None:
        """Start a job. No user code may run before `admit(reference)` has returned True.

        If it returns False, the job was cancelled or replaced in the meantime, and must not run.
        """

    def alive(self, reference: Reference) -> bool:
        """Return whether the job may still store a result."""

    def kill(self, reference: Reference) -> None:
        """Stop the job and everything that it started. It takes no step after the return."""
