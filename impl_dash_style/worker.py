"""What a Celery worker does with a job: take it up once, run it in a process of its own, watch it.

The worker's own process only watches. So it can stop a job on any pool that waits for its tasks (prefork,
threads, solo), whatever the job does with signals; and no long call of the job, into a library that
lets nothing else run, keeps it from saying that the job lives.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Final

from . import job_process, tickets
from .exceptions import CallbackFailure
from .job import Job, Outcome, given_up_key
from .records import Records
from .store import Store
from .tickets import LEASE_S, Ticket

Session = Callable[[], AbstractContextManager[Store]]

TASK: Final = "impl_dash_style.job"


def register(celery_app: Any, session: Session) -> Any:
    """Make the task that runs a job known to the app of a server or a worker, and return it."""

    # Acknowledged before it runs: a task that comes again must not be a second run.
    @celery_app.task(name=TASK, shared=False, ignore_result=True, acks_late=False)  # type: ignore[untyped-decorator]
    def job(id: str) -> None:
        work(session, id)

    return job


def work(session: Session, id: str) -> None:
    """Run the job of a ticket. Do nothing if it was cancelled, replaced or taken up before."""
    with session() as store:
        ticket = tickets.tear(store, id)
    if ticket is None:
        return
    try:
        job = _job(ticket)
        if job is None:
            with session() as store:
                Records(store).end(ticket.run, _unknown(ticket))
        else:
            with session() as store:
                job_process.run(job, store, _Lease(session, id, ticket.run).wanted)
    finally:
        with session() as store:
            tickets.end(store, id)


class _Lease:
    """A worker's lease of one job."""

    def __init__(self, session: Session, id: str, run: str) -> None:
        self._session, self._id, self._run = session, id, run
        self._renewed = time.monotonic()

    def wanted(self) -> bool:
        """Renew the lease. Return False if the job is to be stopped: cancelled, replaced, or taken for dead."""
        now = time.monotonic()
        try:
            with self._session() as store:
                wanted = given_up_key(self._run) not in store and tickets.renew(store, self._id)
        except CallbackFailure:  # the store cannot be reached; it may come back
            return now - self._renewed < LEASE_S
        self._renewed = now
        return wanted


def _job(ticket: Ticket) -> Job | None:
    """Return the job, with the callback as this worker's program declares it."""
    from .app import find  # which needs managers to be declared

    callback = find(ticket.callback)
    if callback is None or callback.background is None:
        return None
    return Job(ticket.run, callback, callback.background, ticket.trigger, ticket.entry)


def _unknown(ticket: Ticket) -> Outcome:
    return Outcome(
        failure=f"The worker does not know the callback {ticket.callback!r}. It must import the program"
        " that the server runs (celery -A PROGRAM:CELERY_APP worker), and no other may share its queue."
    )
