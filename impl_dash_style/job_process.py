"""A process of its own for each job: how it is started, and how a worker waits for it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock, Thread
from typing import TYPE_CHECKING, Final

import multiprocess

from impl_dash_style import process
from impl_dash_style.caching import CachePolicy
from impl_dash_style.job import Job, perform
from impl_dash_style.manager import JobReference
from impl_dash_style.store import START_S, KeyValueStore, StoreCall, local

if TYPE_CHECKING:
    from multiprocess.connection import Connection

# A fork has the program's functions, closures and data at hand. Where there is none (Windows), or where it is
# unsafe (macOS), the platform's own way is used, and the functions are pickled.
_CONTEXT: Final = multiprocess.get_context("fork" if sys.platform == "linux" else None)

#: A worker of Celery has forked already where it can.
_FORK: Final = multiprocess.get_context("fork" if sys.platform != "win32" else None)

#: Seconds between two checks that a job is still wanted.
_WATCH_S: Final = 0.1

#: Held while a store is open in this process, and while a process is forked: an open store must not be forked.
_UNSHARED: Final = Lock()


class ProcessManager:
    """Runs jobs as processes of this machine, which open the manager's store themselves."""

    def __init__(self, store: KeyValueStore, policy: CachePolicy) -> None:
        self.policy = policy
        self._store = store

    @contextmanager
    def session(self) -> Iterator[KeyValueStore]:
        """Open the store for a moment, in one thread at a time."""
        with _UNSHARED:
            yield self._store

    def start(self, job: Job, admit: Callable[[JobReference], bool]) -> None:
        """Start a process for the job; it waits until it is admitted. Raises OSError if it cannot be started."""
        gate, opener = _CONTEXT.Pipe(duplex=False)
        child = _CONTEXT.Process(target=_perform_if_admitted, args=(job, self._store, gate))
        with _UNSHARED:
            child.start()
        Thread(target=child.join, daemon=True).start()  # reaps it, whenever it ends
        with gate, opener:
            opener.send(admit(process.reference(child.pid)))

    def alive(self, reference: JobReference) -> bool:
        """Whether the job's process lives. A zombie does not."""
        return process.find(reference) is not None

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


def _perform_if_admitted(job: Job, store: KeyValueStore, gate: Connection) -> None:
    """Do the job, in its own process."""
    process.leave_server()
    if gate.poll(START_S) and gate.recv():
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
