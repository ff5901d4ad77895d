"""The process that starts jobs: forked once, before its server has opened anything, and with one thread.

A server has threads and an open store, and neither may be forked: a lock that another thread holds stays locked
in the child for ever, and with an open SQLite database the child would believe that it holds the parent's locks
(sqlite.org/howtocorrupt.html, 2.6). So jobs are forked by a process that has neither. They have the program's
functions, closures and data as these were when the server began.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING, Final

import multiprocess

from impl_dash_style import process
from impl_dash_style.exceptions import CallbackFailure
from impl_dash_style.store import START_S

if TYPE_CHECKING:
    from multiprocess.connection import Connection

#: Whether jobs are forked. On macOS a fork is unsafe, and on Windows there is none.
FORKS: Final = sys.platform == "linux"

#: Seconds until another attempt, if the system has no room for a process.
_RETRY_S: Final = 0.1


class JobStarter:
    """Starts a process for each message. It lives as long as its server, and what it has started lives longer."""

    def __init__(self, run_job: Callable[[bytes], None]) -> None:
        """``run_job`` is called with the message, in the process of the job."""
        fork = multiprocess.get_context("fork")
        reader, self._writer = fork.Pipe(duplex=False)
        self._lock = Lock()
        for stream in (sys.stdout, sys.stderr):
            stream.flush()  # or each job would write what is buffered once more
        if os.fork() == 0:
            with suppress(BaseException):  # no exception may unwind the stack that is the server's
                self._writer.close()
                _serve(
                    reader,
                    lambda message: fork.Process(target=_run, args=(run_job, message, reader)),
                )
            os._exit(0)
        reader.close()

    def start(self, message: bytes) -> None:
        """Have a process started. Raises CallbackFailure if the one that starts them has been killed."""
        try:
            with self._lock:
                self._writer.send_bytes(message)
        except OSError as error:
            raise CallbackFailure(
                "The process that starts jobs has died. Start the server again.", str(error)
            ) from error


def _serve(reader: Connection, create: Callable[[bytes], multiprocess.Process]) -> None:
    """Start processes until the server has ended."""
    process.leave_server()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, whose end ends this
    signal.signal(signal.SIGCHLD, _reap)
    gc.freeze()  # a collection would write to every object, and so copy the memory that jobs share
    with suppress(EOFError):
        while True:
            _start(create(reader.recv_bytes()))


def _reap(*_: object) -> None:
    multiprocess.active_children()  # waits for those that have ended


def _start(job: multiprocess.Process) -> None:
    """Start it as soon as the system has room. Its page waits that long."""
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        try:
            job.start()
        except OSError:
            time.sleep(_RETRY_S)
        else:
            return


def _run(run_job: Callable[[bytes], None], message: bytes, reader: Connection) -> None:
    """Run a job, in its own process."""
    reader.close()  # or the server would not notice the death of the process that reads
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    gc.unfreeze()
    run_job(message)
