"""A process of its own for each job: how it is started."""

from __future__ import annotations

import sys
from collections.abc import Callable
from threading import Lock, Thread
from typing import Any, Final

import multiprocess

from . import process
from .job import Job, perform
from .store import START_S, Store

# A fork has the program's functions, closures and data at hand at once. Where there is none (Windows),
# or where it is unsafe (macOS), the platform's own way is used, and the functions are pickled.
_CONTEXT: Final = multiprocess.get_context("fork" if sys.platform == "linux" else None)

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


def _work(job: Job, store: Store, gate: Any) -> None:
    """Do the job, in its own process."""
    process.leave_server()
    if gate.poll(START_S) and gate.recv():
        perform(job, store)
