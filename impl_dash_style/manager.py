"""What a manager must do: run jobs outside the server's processes, and keep what they leave."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol, TypeAlias, runtime_checkable

from impl_dash_style.caching import CachePolicy
from impl_dash_style.exceptions import DeclarationError
from impl_dash_style.job import Job
from impl_dash_style.store import KeyValueStore

if TYPE_CHECKING:
    from impl_dash_style.callbacks import Callback

#: The text by which a manager finds a job again, from any server process. It is kept in the store.
JobReference: TypeAlias = str


@runtime_checkable
class Manager(Protocol):
    """Where jobs run. To run one is to call ``perform`` of ``job``, wherever that is."""

    policy: CachePolicy  # which results may be used again

    def session(self) -> AbstractContextManager[KeyValueStore]:
        """Open the store for a moment. Sessions are short, and none waits for a job."""

    def prepare(self, callbacks: Sequence[Callback]) -> None:
        """Be ready for the jobs of an app's callbacks. A server process calls it before it opens the store."""

    def enqueue(self, store: KeyValueStore, job: Job) -> None:
        """Note a job that will be started, in the transaction that decides it."""

    def start(self, job: Job) -> None:
        """Start a job that was noted. It runs once, however often it is started.

        It must not run if it has been given up in the meantime: cancelled or replaced.
        """

    def alive(self, reference: JobReference) -> bool:
        """Whether the job may still store an outcome."""

    def kill(self, reference: JobReference) -> None:
        """Stop the job and everything that it started. It takes no step after the return."""


def check_manager(manager: object) -> Manager | None:
    """A manager, or None. Raises DeclarationError for anything else, such as a manager's class."""
    if manager is None:
        return None
    if isinstance(manager, type) or not isinstance(manager, Manager):
        raise DeclarationError(
            f"expected a manager, such as DiskcacheManager(...), not {manager!r}"
        )
    return manager
