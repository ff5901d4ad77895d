"""A manager that has its jobs run by Celery workers and keeps everything in Redis."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Final, Protocol
from uuid import uuid4

from . import tickets
from .caching import Policy
from .exceptions import CallbackFailure, DeclarationError
from .job import Job
from .store import Ask, Store
from .tickets import Ticket

_SEND: Final = {
    "retry": True,
    "retry_policy": {"max_retries": 1, "interval_start": 0},  # a connection may have become stale
}


class Keeper(Protocol):
    """Keeps the store that servers and workers share."""

    def session(self) -> AbstractContextManager[Store]:
        """Open the store in a server. CallbackFailure if it cannot be reached."""

    def address(self) -> str:
        """Return what a worker must know to reach it. OSError if that cannot be had."""

    def at(self, address: str) -> Ask:
        """Return how a worker asks it. CallbackFailure, when it is asked, if it cannot be reached."""


class CeleryManager:
    """Runs jobs in the workers of a Celery app. Server processes with the same app share the jobs.

    A worker imports the program (`celery -A app:celery_app worker`), so `app.run()` stands under
    `if __name__ == "__main__"`. Any pool does whose tasks may block: prefork, threads, solo.

    A job waits as long as no worker is free. A job whose worker has died is noticed after 5 seconds.
    """

    policy: Policy

    def __init__(self, celery_app: Any, cache_by: Any = None, expire: float | None = None) -> None:
        """Take a `celery.Celery` with any broker, whose result backend is Redis.

        What server processes and workers share is kept there; see `RedisStore` for who may write into it.
        `cache_by` and `expire` are those of `DiskcacheManager`. DeclarationError for other backends.
        """
        self._open(celery_app, redis_keeper(celery_app), Policy.declare(cache_by, expire))

    def _open(self, celery_app: Any, keeper: Keeper, policy: Policy) -> None:
        from . import worker

        self.policy = policy
        self.session = keeper.session
        self._keeper = keeper
        self._task = worker.register(celery_app, keeper.at)

    def start(self, job: Job, admit: Callable[[Any], bool]) -> None:
        """Queue the job. CallbackFailure if the broker cannot be reached."""
        id = uuid4().hex
        with self.session() as store:
            ticket = Ticket(job.run, job.callback.identity, job.trigger, job.entry)
            tickets.write(store, id, ticket)
        # It is sent afterwards: if this process dies in between, the next poll sends it.
        if admit(id):
            self._send(id)

    def alive(self, reference: Any) -> bool:
        """Return whether the job waits for a worker, or has one that lives."""
        with self.session() as store:
            if not tickets.waits(store, reference):
                return tickets.held(store, reference)
            if tickets.lost(store, reference):
                self._send(reference)
            return True

    def kill(self, reference: Any) -> None:
        """Wait until the worker, which looks all the time whether its job is wanted, has stopped it.

        The run has been given up, so that no worker takes it up. A worker that is dead is waited for
        until its lease ends.
        """
        with self.session() as store:
            tickets.withdraw(store, reference)
            while tickets.held(store, reference):
                time.sleep(0.01)

    def _send(self, id: str) -> None:
        from kombu.exceptions import KombuError

        with self.session() as store:
            tickets.sent(store, id)
            try:
                self._task.apply_async((id, self._keeper.address()), task_id=id, **_SEND)
            except (KombuError, OSError) as error:
                tickets.withdraw(store, id)  # what has failed for the page does not run later
                raise CallbackFailure(
                    f"The broker, which hands jobs to workers, cannot be reached. {error}"
                ) from error


class CeleryLongCallbackManager(CeleryManager):
    """The manager of `app.long_callback`. Its `cache_by` takes functions alone."""

    def __init__(self, celery_app: Any, cache_by: Any = None, expire: float | None = None) -> None:
        """Take what `CeleryManager` takes. DeclarationError."""
        policy = Policy.declare(cache_by, expire, words=False)
        self._open(celery_app, redis_keeper(celery_app), policy)


def redis_keeper(celery_app: Any) -> Keeper:
    """Return what keeps everything in the Redis that has the app's results. Refuse another backend."""
    # Programs without Celery need neither it nor Redis.
    backend = backend_of(celery_app)

    from celery.backends.redis import RedisBackend

    from .redis_store import CONNECTION, RedisKeeper

    if not isinstance(backend, RedisBackend):
        raise DeclarationError(
            f"results in {backend.as_uri()!r} ({type(backend).__name__}) cannot be shared by servers and"
            ' workers as needed here; give the Celery app backend="redis://..."'
        )
    return RedisKeeper(backend._create_client(**{**backend.connparams, **CONNECTION}))


def backend_of(celery_app: Any) -> Any:
    """Return the result backend of a Celery app. Refuse what is no app, and one without results."""
    from celery import Celery
    from celery.backends.base import DisabledBackend

    if not isinstance(celery_app, Celery):
        raise DeclarationError(f"expected a celery.Celery, not {celery_app!r}")
    if celery_app.conf.task_always_eager:
        raise DeclarationError(
            "task_always_eager runs tasks inside the server, but a job needs a worker; leave it away"
        )
    if isinstance(celery_app.backend, DisabledBackend):
        raise DeclarationError(
            "the Celery app keeps no results: give it backend=..., such as"
            ' Celery(__name__, broker="redis://localhost:6379/0", backend="redis://localhost:6379/1")'
        )
    return celery_app.backend
