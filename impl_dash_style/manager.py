"""What a manager must do: run jobs outside the server's processes, and keep what they leave."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Protocol, runtime_checkable

from .caching import Policy
from .exceptions import DeclarationError
from .job import Job
from .store import Store

Reference = Any
"""How a manager finds a job again, from any server process. It is kept in the store."""


@runtime_checkable
class Manager(Protocol):
    """Where jobs run. What a job has to do is `perform` of `job.py`, wherever that is.

    `policy` says which results may be used again.
    """

    policy: Policy

    def session(self) -> AbstractContextManager[Store]:
        """Open the store for a moment. Sessions are short, and none waits for a job."""

    def start(self, job: Job, admit: Callable[[Reference], bool]) -> None:
        """Start a job. No user code may run before `admit(reference)` has returned True.

        If it returns False, the job was cancelled or replaced in the meantime, and must not run.
        """

    def alive(self, reference: Reference) -> bool:
        """Return whether the job may still store an outcome."""

    def kill(self, reference: Reference) -> None:
        """Stop the job and everything that it started. It takes no step after the return."""


def check_manager(manager: Manager | None) -> Manager | None:
    """Return a manager as it is, or None. Refuse anything else, a manager's class among it."""
    if isinstance(manager, type) or not isinstance(manager, Manager | None):
        raise DeclarationError(
            f"expected a manager, such as DiskcacheManager(...), not {manager!r}"
        )
    return manager
