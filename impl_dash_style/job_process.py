"""A process of its own for each job: how it is started, and how a worker waits for it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING, Final

import multiprocess

from impl_dash_style import process
from impl_dash_style.caching import CachePolicy
from impl_dash_style.job import Job, perform
from impl_dash_style.job_starter import FORKS, JobStarter
from impl_dash_style.manager import JobReference
from impl_dash_style.run_store import RunStore
from impl_dash_style.store import KeyValueStore, StoreCall, dump, load, local

if TYPE_CHECKING:
    from multiprocess.connection import Connection

    from impl_dash_style.callbacks import Callback

#: The platform's own way to start a process where jobs are not forked. Then their functions are pickled.
_CONTEXT: Final = multiprocess.get_context()

#: A worker of Celery has forked already where it can.
_FORK: Final = multiprocess.get_context("fork" if sys.platform != "win32" else None)

#: Seconds between two checks that a job is still wanted.
_WATCH_S: Final = 0.1


class ProcessManager:
    """Runs jobs as processes of this machine, which open the manager's store themselves."""

    def __init__(self, store: KeyValueStore, policy: CachePolicy) -> None:
        self.policy = policy
        self._store = store
        self._starters: list[tuple[Sequence[Callback], JobStarter]] = []

    def prepare(self, callbacks: Sequence[Callback]) -> None:
        """Be ready to start jobs of an app's callbacks, in this server process."""
        if FORKS:
            starter = JobStarter(partial(_perform_message, callbacks, self._store))
            self._starters.append((callbacks, starter))

    def session(self) -> AbstractContextManager[KeyValueStore]:
        """Open the store for a moment."""
        return nullcontext(self._store)

    def enqueue(self, store: KeyValueStore, job: Job) -> None:
        """Nothing: its process says where it is (``RunStore.admit``)."""

    def start(self, job: Job) -> None:
        """Start a process for the job, which asks whether it is still wanted.

        Raises CallbackFailure or OSError if it cannot be started.
        """
        for callbacks, starter in self._starters:
            for number, callback in enumerate(callbacks):
                if callback is job.callback:
                    starter.start(dump((number, job.described())).encode())
                    return
        child = _CONTEXT.Process(target=_perform_if_wanted, args=(job, self._store))
        child.start()
        Thread(target=child.join, daemon=True).start()  # reaps it, whenever it ends

    def alive(self, reference: JobReference) -> bool:
        """Whether the job's process lives. A zombie does not."""
        return process.lives(reference)

    def kill(self, reference: JobReference) -> None:
        """Kill the job's process and its descendants, and wait until they are dead."""
        process.kill_tree(reference)


def run(job: Job, store_call: StoreCall, is_wanted: Callable[[], bool]) -> None:
    """Run the job in a process. Returns when it has ended, or when it and all that it started are dead.

    They are killed when ``is_wanted``, which is called all the time, returns False, and when this process dies.
    """
    leash, end = _FORK.Pipe(duplex=False)
    child = _FORK.Process(target=_perform_on_leash, args=(job, store_call, leash, end))
    child.start()
    with leash, end:
        reference = process.reference(child.pid)
        try:
            while child.is_alive() and is_wanted():
                child.join(_WATCH_S)
        finally:
            process.kill_tree(reference)
            child.join()


def _perform_message(callbacks: Sequence[Callback], store: KeyValueStore, message: bytes) -> None:
    """Do the job that a server's message describes, in its own process."""
    number, described = load(message)
    _perform_if_wanted(Job.restored(callbacks[number], **described), store)


def _perform_if_wanted(job: Job, store: KeyValueStore) -> None:
    """Do the job, in its own process, unless it was cancelled, replaced or started before."""
    if RunStore(store).admit(job, process.reference(os.getpid())):
        perform(job, local(store))


def _perform_on_leash(job: Job, store_call: StoreCall, leash: Connection, end: Connection) -> None:
    """Do the job, in its own process."""
    end.close()
    Thread(target=_die_with_holder, args=(leash,), daemon=True).start()
    perform(job, store_call)


def _die_with_holder(leash: Connection) -> None:
    """Die when the process dies that holds the other end."""
    try:
        leash.recv()
    except EOFError:
        process.die()
