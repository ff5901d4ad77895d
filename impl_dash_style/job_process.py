"""A process of its own for each job: how it is started, and how a worker waits for it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from threading import Lock, Thread
from typing import Any, Final

import multiprocess

from . import process
from .job import Job, perform
from .store import START_S, Ask, Store, here

# A fork has the program's functions, closures and data at hand at once. Where there is none (Windows),
# or where it is unsafe (macOS), the platform's own way is used, and the functions are pickled.
_CONTEXT: Final = multiprocess.get_context("fork" if sys.platform == "linux" else None)

_FORK: Final = multiprocess.get_context("fork" if sys.platform != "win32" else None)
"""A worker of Celery has forked already where it can."""

_WATCH_S: Final = 0.1
"""Seconds between two looks whether a job is still wanted."""

UNSHARED: Final = Lock()
"""Held while a store is open in this process, and while a process is forked: what is open is not forked."""


def start(job: Job, store: Store, admit: Callable[[process.Reference], bool]) -> None:
    """Start a process for the job; it waits until it is admitted. OSError if there can be none."""
    gate, opener = _CONTEXT.Pipe(duplex=False)
    child = _CONTEXT.Process(target=_work, args=(job, store, gate))
    with UNSHARED:
        child.start()
    Thread(target=child.join, daemon=True).start()  # reaps it, whenever it ends
    with gate, opener:
        opener.send(admit(process.reference(child.pid)))


def run(job: Job, ask: Ask, wanted: Callable[[], bool]) -> None:
    """Run the job in a process. Return when it has ended, or when it and all that it started are dead.

    They are killed when `wanted`, which is asked all the time, returns False, and when this process dies.
    """
    leash, end = _FORK.Pipe(duplex=False)
    child = _FORK.Process(target=_perform, args=(job, ask, leash, end))
    child.start()
    with leash, end:
        reference = process.reference(child.pid)
        try:
            while child.is_alive() and wanted():
                child.join(_WATCH_S)
        finally:
            process.kill_tree(reference)
            child.join()


def _perform(job: Job, ask: Ask, leash: Any, end: Any) -> None:
    """Do the job, in its own process."""
    end.close()
    Thread(target=_hang_on, args=(leash,), daemon=True).start()
    perform(job, ask)


def _hang_on(leash: Any) -> None:
    """Die when the process dies that holds the other end."""
    try:
        leash.recv()
    except EOFError:
        process.die()


def _work(job: Job, store: Store, gate: Any) -> None:
    """Do the job, in its own process."""
    process.leave_server()
    if gate.poll(START_S) and gate.recv():
        perform(job, here(store))
