"""What a Celery worker does with a job: claim it, run it in a process of its own, watch it.

The worker's own process only watches. So it can stop a job on any pool whose tasks may block (prefork,
threads, solo), whatever the job does with signals; and a job that calls into a library which blocks all
threads of its process does not keep the worker from renewing its lease.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from impl_dash_style import job_process, leases, registry
from impl_dash_style.exceptions import CallbackFailure
from impl_dash_style.job import Job
from impl_dash_style.leases import LEASE_S
from impl_dash_style.store import StoreCall

if TYPE_CHECKING:
    from celery import Celery, Task

TASK: Final = "impl_dash_style.job"

_UNKNOWN: Final = (
    "The worker does not know the callback {callback!r}. It must import the program that the server runs"
    " (celery -A PROGRAM:CELERY_APP worker), and workers of other programs must not share its queue."
)


def register_task(celery_app: Celery, remote: Callable[[str], StoreCall]) -> Task:
    """Register the task that runs a job with the app of a server or a worker.

    ``remote`` returns the call to the store at an address.
    """

    # Acknowledged before it runs: a task that is delivered again must not be a second run.
    @celery_app.task(name=TASK, shared=False, ignore_result=True, acks_late=False)  # type: ignore[untyped-decorator]
    def job(id: str, address: str) -> None:
        work(remote(address), id)

    return job


def work(store_call: StoreCall, id: str) -> None:
    """Run a queued job. Do nothing if it was cancelled, replaced or claimed before."""
    claimed = store_call(leases.claim, id)
    if claimed is None:
        return
    identity = claimed.pop("callback")
    callback = registry.find(identity)  # as this worker's program declares it
    try:
        if callback is None or callback.background is None:
            store_call(leases.fail, id, _UNKNOWN.format(callback=identity))
        else:
            job = Job.restored(callback, **claimed)
            job_process.run(job, store_call, _Lease(store_call, id).is_wanted)
    finally:
        store_call(leases.release, id)


class _Lease:
    """A worker's lease of one job."""

    def __init__(self, store_call: StoreCall, id: str) -> None:
        self._store_call, self._id = store_call, id
        self._renewed = time.monotonic()

    def is_wanted(self) -> bool:
        """Renew the lease. False if the job must stop, or counts as dead by now."""
        now = time.monotonic()
        try:
            wanted = self._store_call(leases.renew, self._id)
        except CallbackFailure:  # the store cannot be reached; it may come back
            return now - self._renewed < LEASE_S
        self._renewed = now
        return wanted
