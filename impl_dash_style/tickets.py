"""Tickets and leases: how a job waits in a queue, is taken up once, and is known to live.

A job that waits has a ticket in the store. The worker that takes it up tears the ticket and holds a
lease, which it renews all the time. When neither is there, the job has ended or its worker is dead.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from .caching import Entry
from .job import Outcome, given_up_key, outcome_key
from .store import KEEP_S, Store
from .trigger import Trigger

LEASE_S: Final = 5
"""Seconds after which a worker is taken for dead that has not renewed its lease."""

_SEND_AGAIN_S: Final = 10
"""Seconds after which a job that nobody took up is sent to the queue again; then twice as long, and so on.

Its message may be lost, or lie with a worker that is dead or busy. A ticket is torn once, so a job that is
sent twice runs once."""


@dataclass(frozen=True)
class Ticket:
    """A job that waits for a worker: its run, the identity of its callback, and what it is called with."""

    run: str
    callback: str
    trigger: Trigger
    entry: Entry | None


def write(store: Store, id: str, ticket: Ticket) -> None:
    """Let a job wait."""
    store.set(_ticket(id), ticket, expire=KEEP_S)


def tear(store: Store, id: str) -> Ticket | None:
    """Take the job up: return its ticket, and hold its lease from now on.

    Return None if it was taken up before, or is not wanted any more.
    """
    with store.transact():
        ticket: Ticket | None = store.get(_ticket(id))
        if ticket is None or given_up_key(ticket.run) in store:
            return None
        store.delete(_ticket(id))
        store.set(_lease(id), True, expire=LEASE_S)
        return ticket


def renew(store: Store, id: str, run: str) -> bool:
    """Hold the lease for another while. Return False if the job is to be stopped.

    It has been cancelled or replaced, or the lease has been lost, so that it passes for dead.
    """
    return given_up_key(run) not in store and store.touch(_lease(id), expire=LEASE_S)


def end(store: Store, id: str) -> None:
    """Give the lease back: the job takes no further step."""
    store.delete(_lease(id))


def refuse(store: Store, run: str, reason: str) -> None:
    """Let the run fail for a reason that its worker knows."""
    store.set(outcome_key(run), Outcome(failure=reason), expire=KEEP_S)


def withdraw(store: Store, id: str) -> None:
    """Let the job not be taken up, if it still waits."""
    store.delete(_ticket(id))


def waits(store: Store, id: str) -> bool:
    """Return whether the job waits for a worker, and keep its ticket, because someone asks."""
    return store.touch(_ticket(id), expire=KEEP_S)


def held(store: Store, id: str) -> bool:
    """Return whether a worker has the job."""
    return _lease(id) in store


def sent(store: Store, id: str) -> None:
    """Note that the job has been sent to the queue."""
    times = (store.get(_sendings(id)) or 0) + 1
    store.set(_sendings(id), times, expire=KEEP_S)
    store.set(_sent(id), True, expire=min(KEEP_S, _SEND_AGAIN_S * 2 ** (times - 1)))


def lost(store: Store, id: str) -> bool:
    """Return whether a job that waits is to be sent again. Of several who ask, one is told so."""
    return store.add(_sent(id), True, expire=_SEND_AGAIN_S)


def _ticket(id: str) -> str:
    return f"{id}.ticket"


def _lease(id: str) -> str:
    return f"{id}.lease"


def _sent(id: str) -> str:
    return f"{id}.sent"


def _sendings(id: str) -> str:
    return f"{id}.sendings"
