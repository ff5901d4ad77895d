"""Leases: how a job waits in a queue, is taken up once, and is known to live. Its id is that of its run.

A job that waits has an entry in the store. The worker that claims it removes the entry and holds a lease,
which it renews all the time. Without either, the job has ended or its worker is dead.
"""

from __future__ import annotations

from typing import Any, Final

from impl_dash_style.job import Job, JobOutcome, given_up_key, outcome_key
from impl_dash_style.store import KEEP_S, KeyValueStore

#: Seconds after which a worker counts as dead that has not renewed its lease.
LEASE_S: Final = 5

#: Seconds after which a job that nobody has claimed is sent to the queue again; then twice as long, and so on.
#: Its message may be lost, or lie with a worker that is dead or busy. Only one worker can claim a job, so a
#: job that is sent twice runs once.
_RESEND_S: Final = 10


def enqueue(store: KeyValueStore, job: Job) -> None:
    """Let a job wait, which is sent to the queue next. Its worker knows the callback by its identity."""
    queued = {"callback": job.callback.identity, **job.described()}
    store.set(_queued_key(job.run), queued, expire=KEEP_S)
    mark_sent(store, job.run)


def claim(store: KeyValueStore, id: str) -> dict[str, Any] | None:
    """Take a job up, and hold its lease from now on. Returns the callback's identity, and what ``Job.restored`` takes.

    None if it was claimed before, or is no longer wanted.
    """
    job: dict[str, Any] | None = store.get(_queued_key(id))
    if job is None:
        return None
    with store.transact(job["page"]):
        if _queued_key(id) not in store or given_up_key(id) in store:
            return None
        store.delete(_queued_key(id))
        store.set(_lease_key(id), True, expire=LEASE_S)
        return job


def renew(store: KeyValueStore, id: str) -> bool:
    """Extend the lease. False if the job must stop.

    It has been cancelled or replaced, or the lease has run out, so that the job counts as dead.
    """
    return given_up_key(id) not in store and store.touch(_lease_key(id), expire=LEASE_S)


def release(store: KeyValueStore, id: str) -> None:
    """Give the lease back: the job takes no further step."""
    store.delete(_lease_key(id))


def fail(store: KeyValueStore, id: str, reason: str) -> None:
    """Let the job's run fail for a reason that its worker has found."""
    store.set(outcome_key(id), JobOutcome(failure=reason), expire=KEEP_S)


def withdraw(store: KeyValueStore, id: str) -> None:
    """Let no worker claim the job, if it still waits."""
    store.delete(_queued_key(id))


def is_queued(store: KeyValueStore, id: str) -> bool:
    """Whether the job waits for a worker. It is kept waiting, because someone still wants to know."""
    return store.touch(_queued_key(id), expire=KEEP_S)


def is_leased(store: KeyValueStore, id: str) -> bool:
    """Whether a worker has the job."""
    return _lease_key(id) in store


def mark_sent(store: KeyValueStore, id: str) -> None:
    """Note that the job has been sent to the queue."""
    times = (store.get(_times_sent_key(id)) or 0) + 1
    store.set(_times_sent_key(id), times, expire=KEEP_S)
    store.set(_sent_key(id), True, expire=min(KEEP_S, _RESEND_S * 2 ** (times - 1)))


def should_resend(store: KeyValueStore, id: str) -> bool:
    """Whether to send a waiting job again. Of several processes that call this, one gets True."""
    return store.add(_sent_key(id), True, expire=_RESEND_S)


def _queued_key(id: str) -> str:
    return f"{id}.queued"


def _lease_key(id: str) -> str:
    return f"{id}.lease"


def _sent_key(id: str) -> str:
    return f"{id}.sent"


def _times_sent_key(id: str) -> str:
    return f"{id}.times_sent"


#: What workers do with a store.
REMOTE: Final = (claim, renew, release, fail)
