"""What a Celery worker does with a job: take it up once, run it in a process of its own, watch it.

The worker's own process only watches. So it can stop a job on any pool whose tasks may block (prefork,
threads, solo), whatever the job does with signals; and no long call of the job, into a library that
lets nothing else run, keeps it from saying that the job lives.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final

from . import job_process, tickets
from .exceptions import CallbackFailure
from .job import Job
from .store import Ask
from .tickets import LEASE_S, Ticket

TASK: Final = "impl_dash_style.job"


def register(celery_app: Any, at: Callable[[str], Ask]) -> Any:
    """Make the task that runs a job known to the app of a server or a worker, and return it.

    `at` returns how the store is asked that is at an address.
    """

    # Acknowledged before it runs: a task that comes again must not be a second run.
    @celery_app.task(name=TASK, shared=False, ignore_result=True, acks_late=False)  # type: ignore[untyped-decorator]
    def job(id: str, address: str) -> None:
        work(at(address), id)

    return job


def work(ask: Ask, id: str) -> None:
    """Run the job of a ticket. Do nothing if it was cancelled, replaced or taken up before."""
    ticket = ask(tickets.tear, id)
    if ticket is None:
        return
    try:
        job = _job(ticket)
        if job is None:
            ask(tickets.refuse, ticket.run, _UNKNOWN.format(callback=ticket.callback))
        else:
            job_process.run(job, ask, _Lease(ask, id, ticket.run).wanted)
    finally:
        ask(tickets.end, id)


class _Lease:
    """A worker's lease of one job."""

    def __init__(self, ask: Ask, id: str, run: str) -> None:
        self._ask, self._id, self._run = ask, id, run
        self._renewed = time.monotonic()

    def wanted(self) -> bool:
        """Renew the lease. Return False if the job is to be stopped, or passes for dead by now."""
        now = time.monotonic()
        try:
            wanted = self._ask(tickets.renew, self._id, self._run)
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


_UNKNOWN: Final = (
    "The worker does not know the callback {callback!r}. It must import the program that the server runs"
    " (celery -A PROGRAM:CELERY_APP worker), and no other may share its queue."
)
