"""A manager that has its jobs run by Celery workers and keeps everything in Redis."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Final, Protocol

from impl_dash_style import leases, worker
from impl_dash_style.caching import CachePolicy, Caches
from impl_dash_style.exceptions import CallbackFailure, DeclarationError
from impl_dash_style.job import Job
from impl_dash_style.manager import JobReference
from impl_dash_style.run_store import RunStore
from impl_dash_style.store import KeyValueStore, StoreCall

if TYPE_CHECKING:
    from celery import Celery
    from celery.backends.base import Backend

    from impl_dash_style.callbacks import Callback

_SEND: Final = {
    "serializer": "json",  # whatever the Celery app says: ids are all that a message holds
    "retry": True,
    "retry_policy": {"max_retries": 1, "interval_start": 0},  # a connection may have become stale
}


class SharedStore(Protocol):
    """A store that servers and workers share."""

    def session(self) -> AbstractContextManager[KeyValueStore]:
        """Open the store in a server. Raises CallbackFailure if it cannot be reached."""

    def address(self) -> str:
        """What a worker must know to reach it. Raises OSError if there is no such address."""

    def remote(self, address: str) -> StoreCall:
        """The call by which a worker reaches it. The call raises CallbackFailure if that fails."""


class CeleryManager(Caches):
    """Runs jobs in the workers of a Celery app. Server processes with the same app share the jobs.

    A worker imports the program (``celery -A app:celery_app worker``), so ``app.run()`` stands under
    ``if __name__ == "__main__"``. Any pool will do whose tasks may block: prefork, threads, solo.

    A job waits as long as no worker is free. A job whose worker has died is noticed after 5 seconds.
    """

    def __init__(
        self, celery_app: Celery, cache_by: object = None, expire: float | None = None
    ) -> None:
        """Use a ``celery.Celery`` with any broker and Redis as its result backend.

        What server processes and workers share is kept there; see ``RedisStore`` for who may write into it.
        ``cache_by`` and ``expire`` are those of ``DiskcacheManager``. Raises DeclarationError for other
        backends, and for arguments that cannot work.
        """
        policy = CachePolicy.declare(cache_by, expire, self._words)
        self._open(celery_app, redis_shared_store(celery_app), policy)

    def _open(self, celery_app: Celery, shared_store: SharedStore, policy: CachePolicy) -> None:
        self.policy = policy
        self.session = shared_store.session
        self._shared_store = shared_store
        self._task = worker.register_task(celery_app, shared_store.remote)

    def prepare(self, callbacks: Sequence[Callback]) -> None:
        """Nothing: workers know the callbacks."""

    def enqueue(self, store: KeyValueStore, job: Job) -> None:
        """Let the job wait for a worker, under the id of its run."""
        leases.enqueue(store, job)
        RunStore(store).set_reference(job.run, job.run)

    def start(self, job: Job) -> None:
        """Send the job to the queue. Raises CallbackFailure if the broker cannot be reached.

        If this process dies before, a poll sends it.
        """
        with self.session() as store:
            self._send(store, job.run)

    def alive(self, reference: JobReference) -> bool:
        """Whether the job waits for a worker, or has one that lives."""
        with self.session() as store:
            if not leases.is_queued(store, reference):
                return leases.is_leased(store, reference)
            if leases.should_resend(store, reference):
                leases.mark_sent(store, reference)
                self._send(store, reference)
            return True

    def kill(self, reference: JobReference) -> None:
        """Wait until the worker, which checks all the time whether its job is wanted, has stopped it.

        The run has been given up, so that no worker claims it. A dead worker's lease has to run out.
        """
        with self.session() as store:
            leases.withdraw(store, reference)
            while leases.is_leased(store, reference):
                time.sleep(0.01)

    def _send(self, store: KeyValueStore, id: str) -> None:
        from kombu.exceptions import KombuError  # here: programs without Celery need no Kombu

        try:
            self._task.apply_async((id, self._shared_store.address()), task_id=id, **_SEND)
        except (KombuError, OSError) as error:
            leases.withdraw(store, id)  # the page reports a failure: the job must not run later
            raise CallbackFailure(
                "The broker, which hands jobs to workers, cannot be reached.", str(error)
            ) from error


class CeleryLongCallbackManager(CeleryManager):
    """The manager of ``app.long_callback``. Its ``cache_by`` takes functions alone."""

    _words = False


def redis_shared_store(celery_app: Celery) -> SharedStore:
    """The Redis that has the app's results. Raises DeclarationError for another backend."""
    backend = checked_backend(celery_app)

    # Here: programs without Celery need neither it nor Redis.
    from celery.backends.redis import RedisBackend

    from impl_dash_style.redis_store import CONNECTION, RedisSharedStore

    if not isinstance(backend, RedisBackend):
        raise DeclarationError(
            f"servers and workers cannot share results in {backend.as_uri()!r}"
            f' ({type(backend).__name__}); give the Celery app backend="redis://..."'
        )
    return RedisSharedStore(backend._create_client(**{**backend.connparams, **CONNECTION}))


def checked_backend(celery_app: Celery) -> Backend:
    """The result backend of a Celery app. Raises DeclarationError for anything but an app with one."""
    from celery import Celery  # here: programs without Celery do not need it
    from celery.backends.base import DisabledBackend

    if not isinstance(celery_app, Celery):
        raise DeclarationError(f"expected a celery.Celery, not {celery_app!r}")
    if celery_app.conf.task_always_eager:
        raise DeclarationError(
            "task_always_eager runs tasks inside the server, but a job needs a worker; leave it out"
        )
    if isinstance(celery_app.backend, DisabledBackend):
        raise DeclarationError(
            "the Celery app keeps no results: give it backend=..., such as"
            ' Celery(__name__, broker="redis://localhost:6379/0", backend="redis://localhost:6379/1")'
        )
    return celery_app.backend
